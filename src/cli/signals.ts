/** The signals that end a run in an orderly way. */
export type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Exit codes after them, as shells count. */
export const exitCodeOf: Readonly<Record<EndingSignal, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Subscribes to them; what it returns unsubscribes. */
export type OnSignal = (handler: (signal: EndingSignal) => void) => () => void;

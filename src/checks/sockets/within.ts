/** A time in seconds for a message: "2 s", "2.5 s". */
export const within = (seconds: number): string => `${Number(seconds.toFixed(1))} s`;

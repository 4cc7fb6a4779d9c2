/** The signs of the table. */
export interface Symbols {
  readonly critical: string;
  readonly error: string;
  readonly warning: string;
  readonly info: string;
  readonly pass: string;
  readonly unknown: string;
  readonly skipped: string;
  readonly broken: string;
  readonly dot: string;
  readonly more: string;
  readonly bar: string;
  readonly reserved: string;
  readonly range: string;
  readonly port: string;
  readonly victim: string;
  readonly arrow: string;
  readonly times: string;
  /** A child in a tree that has siblings below, the last child, and what stands under each of them. */
  readonly child: string;
  readonly lastChild: string;
  readonly trunk: string;
  /** In the timeline: traffic, a preStop hook, the stop signal, the grace that is left, SIGKILL, the latest end of what ends by itself. */
  readonly traffic: string;
  readonly hook: string;
  readonly signal: string;
  readonly grace: string;
  readonly kill: string;
  readonly limit: string;
  readonly waits: string;
  readonly loss: string;
}

const unicode: Symbols = {
  critical: '✖',
  error: '✖',
  warning: '▲',
  info: '●',
  pass: '✔',
  unknown: '?',
  skipped: '–',
  broken: '!',
  dot: '·',
  more: '…',
  bar: '█',
  reserved: '▒',
  range: '─',
  port: '┃',
  victim: '✖',
  arrow: '→',
  times: '×',
  child: '├─ ',
  lastChild: '└─ ',
  trunk: '│  ',
  traffic: '▒',
  hook: '█',
  signal: '▼',
  grace: '─',
  kill: '✖',
  limit: '┤',
  waits: '·',
  loss: '✖',
};

const ascii: Symbols = {
  critical: 'X',
  error: 'X',
  warning: '!',
  info: 'i',
  pass: '+',
  unknown: '?',
  skipped: '-',
  broken: '!',
  dot: '|',
  more: '...',
  bar: '#',
  reserved: '%',
  range: '-',
  port: '|',
  victim: 'X',
  arrow: '->',
  times: 'x',
  child: '|- ',
  lastChild: '`- ',
  trunk: '|  ',
  traffic: '=',
  hook: '#',
  signal: 'V',
  grace: '-',
  kill: 'X',
  limit: '|',
  waits: '.',
  loss: 'X',
};

/** The signs that this terminal can show. */
export const symbols = (isUnicode: boolean): Symbols => (isUnicode ? unicode : ascii);

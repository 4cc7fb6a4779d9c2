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
};

/** The signs that this terminal can show. */
export const symbols = (isUnicode: boolean): Symbols => (isUnicode ? unicode : ascii);

/** Colours and weights that the reports use. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Dresses text in a style, or leaves it plain. */
export type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** A painter; the only place that makes escape sequences. Give it text that went through the sanitiser. */
export const paint =
  (color: boolean): Paint =>
  (style, text) => {
    const [on, off] = codes[style];
    return color && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  };

import type { Canvas } from './canvas.ts';
import type { Style } from './paint.ts';

/** Untrusted text behind a coloured sign of one column, wrapped under itself. */
export const signed = (style: Style, sign: string, text: string, c: Canvas): readonly string[] =>
  c.text(`${sign} `, text).map((line, i) => (i === 0 ? c.paint(style, sign) + line.slice(sign.length) : line));

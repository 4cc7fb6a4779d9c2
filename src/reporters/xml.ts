import { printable } from '../lib/printable.ts';

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What printable leaves and XML 1.0 (https://www.w3.org/TR/xml/#charsets) has not. */
const foreign = /[\ufffe\uffff]/g;

/** Untrusted text, harmless as an attribute's value or as text; newlines stay if `lines` are asked for, and are shown as `\n` if not. */
const escaped = (text: string, lines: boolean): string =>
  (lines ? text.split('\n').map(printable).join('\n') : printable(text))
    .replaceAll(foreign, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`)
    .replaceAll(/[&<>"]/g, (c) => named[c] ?? c);

/** An element: its name, its attributes (null: without it), and text or elements. */
export const xml = (
  name: string,
  attributes: Readonly<Record<string, string | number | null>>,
  inside: string | readonly string[] = [],
): string => {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [` ${key}="${escaped(String(value), false)}"`],
  );
  const start = `<${name}${given.join('')}`;
  if (inside.length === 0) return `${start}/>`;
  if (typeof inside === 'string') return `${start}>${escaped(inside, true)}</${name}>`;
  return `${start}>\n${inside.map((e) => `${e}\n`).join('')}</${name}>`;
};

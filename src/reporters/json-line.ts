import { unprintable } from '../lib/unprintable.ts';

const escaped = (character: string): string =>
  [...Array(character.length).keys()]
    .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('');

/** A value as one line of JSON Lines that is safe to look at, see json-text.ts. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value).replaceAll(unprintable, escaped)}\n`;

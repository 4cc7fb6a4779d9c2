import { unprintable } from '../lib/unprintable.ts';

const escaped = (character: string): string =>
  character === '\n'
    ? character
    : [...Array(character.length).keys()]
        .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
        .join('');

/**
 * A value as JSON that is safe to look at: JSON.stringify leaves DEL, C1 controls, bidi marks and U+2028 as they are; here they are
 * `\uXXXX`. Newlines stand only between tokens, so they stay.
 */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replaceAll(unprintable, escaped)}\n`;

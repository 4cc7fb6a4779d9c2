import { Document, visit } from 'yaml';
import { unprintable } from '../lib/unprintable.ts';

/** YAML has no joined surrogate escapes: characters beyond the basic plane are `\UXXXXXXXX`. */
const escaped = (character: string): string => {
  if (character === '\n') return character;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
};

/** Lines that a block may hold: the library loses blanks of others. */
const plainLines = /^(\S.*\n)+$/;

const mustQuote = (text: string): boolean =>
  text.replaceAll('\n', '').search(unprintable) >= 0 || (text.includes('\n') && !plainLines.test(text));

/**
 * A value as YAML that is safe to look at and to read by YAML 1.1 parsers too ("on", "1_000" are quoted). Strings with controls, bidi marks
 * and the like are double-quoted, and these characters are escapes.
 */
export const yamlText = (value: unknown): string => {
  const doc = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(doc, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && mustQuote(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return doc
    .toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER })
    .replaceAll(unprintable, escaped);
};

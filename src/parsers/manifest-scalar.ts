import { ManifestRefused } from './manifest-refused.ts';

const integer = /^-?(?:0|[1-9]\d{0,14})$/;
const decimal = /^-?(?:0|[1-9]\d{0,7})\.\d{1,7}$/;
/** All else that YAML 1.1 reads as a number: octal, hexadecimal, binary, exponents, underscores, infinities. */
const otherNumber =
  /^[-+]?(?:0b[01_]+|0x[\da-f_]+|[\d_]+|(?:\d[\d_]*)?\.[\d_]*|(?:\d[\d_]*)?(?:\.[\d_]*)?e[-+]?\d+|\.inf|\.nan)$/i;
const words: Readonly<Record<string, boolean | null>> = {
  '~': null,
  ...Object.fromEntries(['null', 'Null', 'NULL'].map((w) => [w, null])),
  ...Object.fromEntries(
    ['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'y', 'Y'].map((w) => [w, true]),
  ),
  ...Object.fromEntries(
    ['false', 'False', 'FALSE', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'n', 'N'].map((w) => [w, false]),
  ),
};

/** What a plain scalar of YAML 1.1 means, which kubectl reads by. Throws {@link ManifestRefused} where that takes more than a glance. */
export const manifestScalar = (text: string): string | number | boolean | null => {
  const word = text.length <= 5 && Object.hasOwn(words, text) ? words[text] : undefined;
  if (word !== undefined) return word;
  // no number begins with what stands behind the digits, letters among them
  if (text.charCodeAt(0) > 57) return text;
  if (integer.test(text) || decimal.test(text)) return Number(text);
  if (otherNumber.test(text)) throw new ManifestRefused(text);
  return text;
};

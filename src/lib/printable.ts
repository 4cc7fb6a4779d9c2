import { unprintable } from './unprintable.ts';

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return named[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
};

/** Untrusted text as one harmless line: what a terminal would obey or hide is shown as an escape (`\x1b`, `\n`, `\u{202e}`). */
export const printable = (text: string): string => text.replaceAll(unprintable, escaped);

import { printable } from '../lib/printable.ts';

/**
 * Untrusted text as a plain text message of SARIF (3.11.3 to 3.11.6): no placeholder, so braces are doubled, and no embedded link, so its brackets
 * are parted.
 */
export const sarifText = (text: string): string =>
  text
    .split('\n')
    .map(printable)
    .join('\n')
    .replaceAll(/[{}]/g, (brace) => brace + brace)
    .replaceAll('](', '] (');

import { join } from 'node:path';
import type { Plugin } from 'rolldown';

const wanted = join(import.meta.dirname, '../../node_modules/string-width/index.js');
const forRequire = '\0string-width';

/** What it makes as it loads, and the same made when it is first used. */
const late: readonly (readonly [eager: RegExp, lazy: string])[] = [
  [/^const segmenter = new Intl\.Segmenter\(\);$/m, 'const segmenter = late(() => new Intl.Segmenter());'],
  [
    // as a literal it would be checked, and so made, already when the file is read
    /^const emojiPrefixRegex = \/(.*)\/v;$/m,
    "const emojiPrefixRegex = late(() => new RegExp(String.raw`$1`, 'v'));",
  ],
];

const helper = `
function late(make) {
  let made;
  const of = () => (made ??= make());
  return { segment: (s) => of().segment(s), test: (s) => of().test(s), exec: (s) => of().exec(s) };
}`;

/**
 * One string-width for all, which makes its segmenter and the set of all emoji when a text comes that needs them. yargs, cli-table3, ora, log-update and
 * we bring six versions of it; each makes these as it loads, and the first one of a process takes 20 to 30 ms.
 */
export const lazyStringWidth: Plugin = {
  name: 'lazy-string-width',
  resolveId: (id, importer) => {
    if (id !== 'string-width' || importer === undefined) return null;
    if (importer.includes('/node_modules/cli-table3/')) return forRequire;
    return /node_modules\/(yargs|cliui|wrap-ansi|ora|log-update|slice-ansi)\//.test(importer) ? wanted : null;
  },
  load: (id) => (id === forRequire ? `module.exports = require(${JSON.stringify(wanted)}).default;` : null),
  transform: (code, id) =>
    id === wanted
      ? late.reduce((text, [eager, lazy]) => {
          if (!eager.test(text)) throw new Error(`${id} has no ${eager} any more: see ${import.meta.filename}`);
          return text.replace(eager, lazy);
        }, code + helper)
      : null,
};

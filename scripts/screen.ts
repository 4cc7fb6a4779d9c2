/**
 * The picture at the top of README.md: a real run, played by docs/screen.svg, which scripts/screen draws from docs/screen.cast.
 *   scripts/screen
 * Draws the picture from the recording that is there. The same recording gives the same bytes.
 *   scripts/screen --typed TEXT [--columns N] -- COMMAND…
 * Records the command first, in a terminal of its own, by util-linux' `script`. TEXT is what the picture shows as typed; say what was run. On a node
 * of the lab that has the fault, after `scripts/netdoctor --version`, which builds:
 *   scripts/screen --typed 'kubectl netdoctor node vm1' -- test/lab/lab exec -- node_modules/.bin/node dist/netdoctor.js node vm1
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { castFrames } from './lib/cast-frames.ts';
import { parseCast } from './lib/parse-cast.ts';
import { recordCast } from './lib/record-cast.ts';
import { screenSvg } from './lib/screen-svg.ts';

const docs = join(import.meta.dirname, '../docs');
const castFile = join(docs, 'screen.cast');
const { values, positionals } = parseArgs({
  options: { typed: { type: 'string' }, columns: { type: 'string', default: '104' } },
  allowPositionals: true,
});
const [program, ...args] = positionals;
if (program !== undefined && values.typed === undefined) throw new Error('--typed TEXT is missing: what was typed');
if (program === undefined && values.typed !== undefined) throw new Error('-- COMMAND… is missing: what to record');

if (program !== undefined && values.typed !== undefined) {
  const cast = recordCast({ typed: values.typed, columns: Number(values.columns), command: [program, ...args] });
  writeFileSync(castFile, cast);
}
const cast = parseCast(readFileSync(castFile, 'utf8'));
const svg = screenSvg(cast, await castFrames(cast));
writeFileSync(join(docs, 'screen.svg'), svg);
console.log(`wrote docs/screen.svg: ${(Buffer.byteLength(svg) / 1024).toFixed(0)} KiB`);

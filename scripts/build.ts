/**
 * Bundles src/main.ts into dist/. Each build is a folder of its own, named by its content, and dist/netdoctor.js, which only points
 * to the newest, is put in place by one rename: a netdoctor that runs meanwhile keeps the files that it may still load.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './lib/bundle.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const oldAfterMs = 3_600_000;

/** Writes a file and puts it in place by one rename. */
const put = (name: string, text: string): void => {
  const part = join(dist, `.${name}.${process.pid}`);
  writeFileSync(part, text);
  chmodSync(part, 0o755);
  renameSync(part, join(dist, name));
};

mkdirSync(dist, { recursive: true });
// what is changed from here on is newer than the stamp, so the next run builds again
const stamp = join(dist, '.stamp.next');
writeFileSync(stamp, '');

const folder = join(dist, `.new.${process.pid}`);
const { hash } = await bundle(root, folder, 'main.js');
const name = `build-${hash.slice(0, 12)}`;
if (existsSync(join(dist, name))) rmSync(folder, { recursive: true });
else renameSync(folder, join(dist, name));

put('package.json', '{"type":"commonjs"}\n');
put('netdoctor.js', `#!/usr/bin/env node\nrequire('./${name}/main.js');\n`);
renameSync(stamp, join(dist, '.stamp'));

for (const entry of readdirSync(dist)) {
  const path = join(dist, entry);
  if (/^(build-|\.new\.)/.test(entry) && entry !== name && Date.now() - statSync(path).mtimeMs > oldAfterMs) {
    rmSync(path, { recursive: true, force: true });
  }
}

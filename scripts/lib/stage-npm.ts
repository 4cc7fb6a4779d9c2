import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setModes } from './set-modes.ts';

/** What a package.json of the checkout must have for the one that is published. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

/** kubectl asks this for words (https://github.com/kubernetes/kubernetes/pull/105867). */
const complete = `#!/usr/bin/env node
process.argv.splice(2, 0, '__complete');
require('./kubectl-netdoctor.js');
`;

/** Puts the npm package into a folder, where it stands in `package/`: the bundle, without Node and without dependencies. */
export const stageNpm = (root: string, folder: string, bundle: string, notices: string): void => {
  const to = join(folder, 'package');
  mkdirSync(to, { recursive: true });
  cpSync(bundle, join(to, 'lib'), { recursive: true });
  writeFileSync(join(to, 'lib/kubectl_complete-netdoctor.js'), complete);
  for (const file of ['LICENSE', 'README.md']) cpSync(join(root, file), join(to, file));
  writeFileSync(join(to, 'THIRD_PARTY_NOTICES.txt'), notices);
  const { name, version, description, license, engines } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Manifest;
  const manifest = {
    name,
    version,
    description,
    keywords: ['kubectl', 'kubectl-plugin', 'kubernetes', 'networking', 'diagnostics'],
    license,
    type: 'commonjs',
    bin: { [name]: `lib/${name}.js`, 'kubectl_complete-netdoctor': 'lib/kubectl_complete-netdoctor.js' },
    files: ['lib', 'THIRD_PARTY_NOTICES.txt'],
    engines,
  };
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  // npm makes its bins executable
  setModes(folder, new Set());
};

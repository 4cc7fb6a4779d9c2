import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { lazyStringWidth } from './lazy-string-width.ts';

/** What was bundled. */
export interface Bundle {
  /** SHA-256 of all files, in hex. */
  readonly hash: string;
  /** The files whose code is in the bundle, as absolute paths. */
  readonly sources: readonly string[];
}

/**
 * Bundles src/main.ts of the checkout `root` into `folder`, as `entry` and the chunks that it loads when it needs them. They are CommonJS, and a package.json
 * says so: as ES modules they take 10 to 15 ms more to start, most of it for Node's loader and for all of `node:fs`, which an import of it makes.
 */
export const bundle = async (root: string, folder: string, entry: string): Promise<Bundle> => {
  const bundling = await rolldown({
    input: join(root, 'src/main.ts'),
    plugins: [lazyStringWidth],
    platform: 'node',
    // the oldest that `engines` names: it does not know `using`
    transform: {
      target: 'node22.19',
      // yargs asks this for the `extends` of a configuration file, which we have none of; CommonJS has the like of it
      define: { 'import.meta.resolve': 'require.resolve' },
    },
    logLevel: 'warn',
    // a warning is a fault: an import that cannot be resolved would only fail on the user's machine
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  const { output } = await bundling.write({
    dir: folder,
    format: 'cjs',
    strict: true,
    // what every command loads, in one file and not in fifteen
    codeSplitting: { groups: [{ name: 'cli', test: /\/src\/cli\/cli\.ts$/ }] },
    entryFileNames: entry,
    chunkFileNames: '[name].js',
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await bundling.close();
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  const chunks = output.filter((file) => file.type === 'chunk');
  const hash = createHash('sha256');
  for (const { fileName, code } of chunks) hash.update(fileName).update(code);
  const sources = chunks.flatMap((chunk) => chunk.moduleIds).filter((id) => !id.startsWith('\0'));
  return { hash: hash.digest('hex'), sources };
};

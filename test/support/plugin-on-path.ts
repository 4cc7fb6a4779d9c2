import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netdoctorArgv } from './cluster.ts';

/** A directory with kubectl-netdoctor, as a package manager leaves it. */
export interface PluginOnPath extends Disposable {
  readonly dir: string;
  /** The words that run a command with that directory first on PATH. */
  readonly argv: (argv: readonly string[]) => readonly string[];
}

/** The built netdoctor behind a launcher, which says by NETDOCTOR_CALLED_AS how it was called. */
export const pluginOnPath = (): PluginOnPath => {
  const dir = mkdtempSync(join(tmpdir(), 'netdoctor-plugin-'));
  const [node, script] = netdoctorArgv;
  const launcher = `#!/bin/sh\nNETDOCTOR_CALLED_AS="$0" exec '${node}' '${script}' "$@"\n`;
  writeFileSync(join(dir, 'kubectl-netdoctor'), launcher, { mode: 0o755 });
  return {
    dir,
    argv: (argv) => ['sh', '-c', 'PATH="$0:$PATH" exec "$@"', dir, ...argv],
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
};

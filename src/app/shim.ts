import { shellQuoted } from '../lib/shell-quoted.ts';

const mark = 'written by netdoctor completion --install';

/** What a shim calls: the kubectl-netdoctor in its own directory, by its file name, or a program by absolute paths. */
export type ShimTarget =
  | { readonly kind: 'sibling'; readonly name: string }
  | { readonly kind: 'program'; readonly argv: readonly string[] };

const inShell = (target: ShimTarget): string =>
  target.kind === 'sibling' ? `"\${0%/*}/${target.name}"` : target.argv.map(shellQuoted).join(' ');

const inBatch = (target: ShimTarget): string =>
  target.kind === 'sibling'
    ? `"%~dp0${target.name}"`
    : target.argv.map((word) => `"${word.replaceAll('%', '%%')}"`).join(' ');

/**
 * The program by which kubectl (1.26 and newer) completes the words after `kubectl netdoctor`: it looks for this name on PATH
 * (kubernetes/kubectl, pkg/cmd/plugin_completion.go). krew links one file of a plugin, so that it cannot come along.
 */
export const shim = {
  /** Its file name on a platform (as process.platform). */
  name: (platform: string): string => `kubectl_complete-netdoctor${platform === 'win32' ? '.cmd' : ''}`,
  text: (platform: string, target: ShimTarget): string =>
    platform === 'win32'
      ? `@rem ${mark}\r\n@call ${inBatch(target)} __complete %*\r\n`
      : `#!/usr/bin/env sh\n# ${mark}\nexec ${inShell(target)} __complete "$@"\n`,
  /** Whether the text of a file is that of a shim. */
  isOwn: (text: string): boolean => text.split('\n', 2).some((line) => line.includes(mark)),
};

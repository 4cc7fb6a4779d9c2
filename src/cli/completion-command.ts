import { existsSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import type { ShimOutcome } from '../app/place-shim.ts';
import { printable } from '../lib/printable.ts';
import { shellWord } from '../lib/shell-word.ts';
import type { CalledAs } from './called-as.ts';
import { shells } from './completion/shells.ts';
import type { completionFlags } from './completion-flags.ts';
import type { Env } from './env.ts';
import type { Host } from './host.ts';
import { UsageError } from './usage-error.ts';
import type { Values } from './values.ts';
import { write } from './write.ts';

const howTo = (program: string): string => `Completion of commands, flags, nodes, pods, namespaces, contexts and checks.

For "kubectl netdoctor", by kubectl's own completion (kubectl 1.26 or newer; kubectl completion --help says how to load that):
  ${program} completion --install

For the program kubectl-netdoctor itself:
  bash:        source <(kubectl-netdoctor completion bash)
  zsh:         source <(kubectl-netdoctor completion zsh)
  fish:        kubectl-netdoctor completion fish | source
  PowerShell:  kubectl-netdoctor completion powershell | Out-String | Invoke-Expression
`;

const pathOf = (env: Env): readonly string[] =>
  (env.PATH ?? env.Path ?? '').split(delimiter).filter((dir) => dir !== '');

/** A file as it is called: on Windows its ending may be left out. */
const endings = process.platform === 'win32' ? ['', '.exe', '.cmd'] : [''];

/** The call with absolute paths: a name alone was found on PATH. */
const absolute = (word: string, env: Env): string => {
  if (isAbsolute(word)) return word;
  const found = /[\\/]/.test(word)
    ? undefined
    : pathOf(env).find((dir) => endings.some((end) => existsSync(join(dir, word + end))));
  return found === undefined ? resolve(word) : resolve(found, word);
};

const installed = ({ path, done }: ShimOutcome, program: string, env: Env): string => {
  const dir = dirname(path);
  const isOnPath = pathOf(env).some((d) => resolve(d) === dir);
  return [
    done === 'written' ? `Written: ${printable(path)}` : `It is there already: ${printable(path)}`,
    'kubectl 1.26 and newer completes "kubectl netdoctor" by it, where its own completion is loaded (kubectl completion --help).',
    ...(isOnPath
      ? []
      : [
          `${printable(dir)} is not on PATH, so that kubectl does not find it. In bash and zsh:`,
          `  export PATH=${printable(shellWord(dir))}:"$PATH"`,
        ]),
    `${program} completion --uninstall${isOnPath ? '' : ` --dir ${printable(shellWord(dir))}`} takes it away.`,
  ]
    .map((line) => `${line}\n`)
    .join('');
};

/** Where the shim belongs: beside the link by which we were called. */
const directory = (v: Values<keyof typeof completionFlags>, { path }: CalledAs, env: Env): string => {
  const given = v.text('dir');
  if (given !== undefined) return given;
  if (basename(path).startsWith('kubectl-')) return dirname(absolute(path, env));
  throw new UsageError(
    `this is ${basename(path)}, and not kubectl-netdoctor: say by --dir which directory of PATH is meant`,
  );
};

/** Which of them was asked for; null: none. Throws {@link UsageError} for what does not go together. */
const asked = (v: Values<keyof typeof completionFlags>, shell: string | undefined): 'install' | 'uninstall' | null => {
  const [what, other] = (['install', 'uninstall'] as const).filter((flag) => v.on(flag));
  if (what !== undefined && other !== undefined) throw new UsageError(`--${other} cannot be used with --${what}`);
  if (what !== undefined && shell !== undefined)
    throw new UsageError(
      `"${shell}" cannot be used with --${what}, which is for kubectl's own completion in every shell`,
    );
  if (what === undefined && v.given('dir')) throw new UsageError('--dir needs --install or --uninstall');
  return what ?? null;
};

/** `netdoctor completion`: prints the script of a shell, or writes the program by which kubectl completes us, or says how to get either. Throws UsageError. */
export const completionCommand = async (
  v: Values<keyof typeof completionFlags>,
  shell: string | undefined,
  { program, streams, env, deps }: Host,
): Promise<number> => {
  const what = asked(v, shell);
  if (what !== null) {
    const { argv } = deps.self;
    const place = await deps.placeShim();
    const request = {
      dir: directory(v, deps.self, env),
      argv: argv.map((word) => absolute(word, env)),
      platform: process.platform,
    };
    const outcome = place(request, what);
    const text =
      what === 'install'
        ? installed(outcome, program, env)
        : `${outcome.done === 'removed' ? 'Removed' : 'There is none'}: ${printable(outcome.path)}\n`;
    await write(streams.stdout, text);
    return 0;
  }
  if (shell === undefined) {
    await write(streams.stdout, howTo(program));
    return 0;
  }
  const known = shells.find((s) => s === shell);
  if (known === undefined)
    throw new UsageError(`there is no completion for "${shell}": it is one of ${shells.join(', ')}`);
  const { scripts } = await import('./completion/scripts.ts');
  await write(streams.stdout, scripts[known]);
  return 0;
};

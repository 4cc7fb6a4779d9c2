import type { Hook } from '../../facts/workloads/subjects.ts';
import { shellScript, straightCommands } from '../../lib/hook-words.ts';

/** How long a preStop hook takes, as far as its text tells. */
export interface HookTime {
  /** "sleep 5", "nginx ...", "sh -c 'sleep 5; nginx ...; ...'", "HTTP GET": bounded, and no arguments but those of `sleep`. */
  readonly what: string;
  /** Null: the text does not tell. */
  readonly seconds: number | null;
  /** It may take longer, since it does more than sleep. */
  readonly atLeast: boolean;
}

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** `sleep 5`, `/bin/sleep 1m`, `sleep 1 2` (coreutils adds them up); null for any other command. */
const sleepSeconds = (words: readonly string[]): number | null => {
  const [program = '', ...args] = words;
  if (!/(?:^|\/)sleep$/.test(program) || args.length === 0) return null;
  let sum = 0;
  for (const a of args) {
    const [, n, unit = ''] = /^(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})([smhd]?)$/.exec(a) ?? [];
    if (n === undefined) return null;
    sum += Number(n) * (units[unit] ?? 1);
  }
  return sum;
};

/** A hook may be of any length; of a script so many characters are shown, cut off between commands. */
const longest = 60;

/** A program's name; a command line that was written into one word may hold secrets behind that. */
const named = (word: string): string => {
  const [name = ''] = /^[A-Za-z0-9._/+-]{0,60}/.exec(word) ?? [];
  return name === word ? name : `${name}...`;
};

/** A command without its arguments, which may hold secrets; those of `sleep` hold none. */
const shown = (words: readonly string[]): string => {
  const [program = '', ...args] = words;
  const all = words.join(' ');
  if (all.length <= longest && sleepSeconds(words) !== null) return all;
  const name = named(program);
  return args.length === 0 || name.endsWith('...') ? name : `${name} ...`;
};

/** The first of the commands, and whether there are more. */
const shownList = (commands: readonly (readonly string[])[], whole: boolean): string => {
  const list: string[] = [];
  let length = 0;
  for (const c of commands) {
    const text = shown(c);
    length += text.length + 2;
    if (length > longest && list.length > 0) return [...list, '...'].join('; ');
    list.push(text);
  }
  return [...list, ...(whole ? [] : ['...'])].join('; ');
};

const ofScript = (script: string, shell: string): HookTime => {
  const { commands, whole } = straightCommands(script);
  const what = `${named(shell)} -c '${shownList(commands, whole)}'`;
  const sleeps = commands.flatMap((c) => sleepSeconds(c) ?? []);
  if (sleeps.length === 0) return { what, seconds: null, atLeast: true };
  return { what, seconds: sleeps.reduce((a, b) => a + b, 0), atLeast: !whole || sleeps.length < commands.length };
};

/** Reads a hook: the sleep action, `sleep` itself, and the sleeps of a `sh -c` script that are run whatever else happens. */
export const hookTime = (hook: Hook): HookTime => {
  switch (hook.kind) {
    case 'sleep':
      return { what: `sleep ${hook.seconds}`, seconds: hook.seconds, atLeast: false };
    case 'http':
      return { what: 'HTTP GET', seconds: null, atLeast: true };
    case 'tcp':
      return { what: 'TCP connect', seconds: null, atLeast: true };
    case 'exec': {
      const seconds = sleepSeconds(hook.command);
      const what = shown(hook.command);
      if (seconds !== null) return { what, seconds, atLeast: false };
      const script = shellScript(hook.command);
      return script === null ? { what, seconds: null, atLeast: true } : ofScript(script, hook.command[0] ?? 'sh');
    }
  }
};

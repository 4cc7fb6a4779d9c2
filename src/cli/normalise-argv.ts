import { didYouMean } from '../lib/did-you-mean.ts';
import type { Flag, Flags } from './flag.ts';
import { UsageError } from './usage-error.ts';

/** One flag as typed: `given` is what kubectl would call it ("--name" or "'n' in -nfoo"). */
interface Typed {
  readonly name: string;
  readonly flag: Flag;
  readonly value: string | null;
  readonly given: string;
}

const asLevel = (t: Typed): string => {
  if (t.value === null || t.value === '') return '1';
  if (/^v+$/.test(t.value)) return String(t.value.length + 1);
  if (/^\d{1,4}$/.test(t.value)) return t.value;
  throw new UsageError(`invalid argument "${t.value}" for "--${t.name}" flag: not a number`);
};

/** As Go's strconv.ParseBool, which kubectl uses. */
const asSwitch = (t: Typed): string => {
  if (t.value === null || /^(1|t|T|TRUE|true|True)$/.test(t.value)) return 'true';
  if (/^(0|f|F|FALSE|false|False)$/.test(t.value)) return 'false';
  throw new UsageError(
    `invalid argument "${t.value}" for "--${t.name}" flag: strconv.ParseBool: parsing "${t.value}": invalid syntax`,
  );
};

/** Parts `--name=value`, `-nvalue`, `-n=value` and `-n`; `near` are the flags that may have been meant. */
const part = (argument: string, flags: Flags, near: readonly string[]): Typed => {
  const long = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
  if (long) {
    const name = long[1] ?? '';
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (!flag) throw new UsageError(`unknown flag: --${name}${didYouMean(name, near, '--')}`);
    return { name, flag, value: long[2] ?? null, given: `--${name}` };
  }
  const letter = argument.charAt(1);
  const found = Object.entries(flags).find(([, f]) => f.short === letter);
  if (!found) throw new UsageError(`unknown shorthand flag: '${letter}' in ${argument}`);
  const rest = argument.slice(2);
  const value = rest === '' ? null : rest.replace(/^=/, '');
  return { name: found[0], flag: found[1], value, given: `'${letter}' in ${argument}` };
};

/**
 * Rewrites what kubectl's parser understands and yargs does not into `--name=value`: `-ojson`, `-nkube-system`, `-v6`, `-v 6`, values
 * that begin with a dash. What follows `--` is a name, not a flag. Throws {@link UsageError} in kubectl's words, with those of `near` that an unknown flag
 * may have meant.
 */
export const normaliseArgv = (
  argv: readonly string[],
  flags: Flags,
  near: readonly string[] = Object.keys(flags),
): readonly string[] => {
  const out: string[] = [];
  for (let i = 0; i < argv.length; i += 1) {
    const argument = argv[i] ?? '';
    if (argument === '--') {
      const rest = argv.slice(i + 1);
      const dashed = rest.find((r) => r.startsWith('-'));
      if (dashed !== undefined) throw new UsageError(`unexpected argument: ${dashed}`);
      return [...out, ...rest];
    }
    if (!argument.startsWith('-') || argument.length === 1) {
      out.push(argument);
      continue;
    }
    const typed = part(argument, flags, near);
    const next = argv[i + 1];
    switch (typed.flag.kind) {
      case 'switch':
        out.push(`--${typed.name}=${asSwitch(typed)}`);
        break;
      case 'level': {
        const follows = typed.value === null && next !== undefined && /^\d{1,2}$/.test(next);
        if (follows) i += 1;
        out.push(`--${typed.name}=${follows ? next : asLevel(typed)}`);
        break;
      }
      case 'text':
      case 'list':
        if (typed.value === null && next === undefined) throw new UsageError(`flag needs an argument: ${typed.given}`);
        if (typed.value === null) i += 1;
        out.push(`--${typed.name}=${typed.value ?? next}`);
        break;
    }
  }
  return out;
};

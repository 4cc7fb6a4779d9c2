import { allFlags } from '../all-flags.ts';
import type { Flag } from '../flag.ts';
import { normaliseArgv } from '../normalise-argv.ts';

/** What a command line says so far, and what is being typed at its end. */
export interface TypedLine {
  /** Null: none was typed yet. */
  readonly command: string | null;
  /** The arguments after the command. */
  readonly names: readonly string[];
  /** The flags that stand before, by their long names, with all their values. */
  readonly given: Readonly<Record<string, readonly string[]>>;
  readonly typing: Typing;
}

/** The word being typed. */
export type Typing =
  | { readonly kind: 'word' | 'flag'; readonly text: string }
  /** `before` stands in the same word and has to be said again (the -o of -ojson). */
  | { readonly kind: 'value'; readonly flag: string; readonly text: string; readonly before: string };

/** The normalised words, and the flag whose value is to come after them. Throws UsageError. */
const normalised = (words: readonly string[], typed: string): readonly [readonly string[], string | null] => {
  try {
    return [normaliseArgv(words, allFlags), null];
  } catch {
    // with its value it is no mistake any more
    const args = normaliseArgv([...words, typed], allFlags);
    return [args.slice(0, -1), /^--([^=]+)=/s.exec(args.at(-1) ?? '')?.[1] ?? null];
  }
};

const takesValue = ({ kind }: Flag): boolean => kind === 'text' || kind === 'list';

const typingOf = (typed: string): Typing => {
  if (!typed.startsWith('-')) return { kind: 'word', text: typed };
  const long = /^--([^=]+)=(.*)$/s.exec(typed);
  if (long) return { kind: 'value', flag: long[1] ?? '', text: long[2] ?? '', before: '' };
  const [, letter, equals = '', text = ''] = /^-([A-Za-z])(=?)(.*)$/s.exec(typed) ?? [];
  const short = Object.entries(allFlags).find(([, flag]) => flag.short === letter && takesValue(flag));
  if (letter === undefined || short === undefined || equals + text === '') return { kind: 'flag', text: typed };
  // shells know of a value after an equals sign, and of no other within a word
  return { kind: 'value', flag: short[0], text, before: equals === '' ? `-${letter}` : '' };
};

/** Understands the words before the one being typed. Throws UsageError for what netdoctor would refuse. */
export const typedLine = (words: readonly string[], typed: string): TypedLine => {
  const [args, awaiting] = normalised(words, typed);
  const given: Record<string, string[]> = {};
  const plain: string[] = [];
  for (const arg of args) {
    const [, name, value = ''] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name !== undefined) given[name] = [...(given[name] ?? []), value];
    else if (arg !== '-h') plain.push(arg);
  }
  const [command = null, ...names] = plain;
  const typing: Typing =
    awaiting === null ? typingOf(typed) : { kind: 'value', flag: awaiting, text: typed, before: '' };
  return { command, names, given, typing };
};

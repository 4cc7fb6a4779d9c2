import { commandNamed } from '../command-named.ts';
import { commands } from '../commands.ts';
import { podKind } from '../pod-kind.ts';
import { podKinds } from '../pod-kinds.ts';
import type { Choices } from './choices.ts';
import type { Names } from './names.ts';
import type { TypedLine } from './typed-line.ts';

const nothing: Choices = { choices: [], after: 'word' };

const theCommands: Choices = { choices: commands.map(({ name, about }) => ({ word: name, about })), after: 'word' };

/** Flags that say what is looked at, so that no name may follow. */
const sources = ['local', 'from', 'emit-collector', 'selector', 'all', 'all-namespaces'];

const isChosen = ({ given }: TypedLine): boolean =>
  sources.some((flag) => flag in given && given[flag]?.at(-1) !== 'false');

const words = (all: readonly string[], before = ''): Choices => ({
  choices: all.map((name) => ({ word: before + name })),
  after: 'word',
});

/** `web-0`, `deploy/web`, and `deploy web`. */
const ofPods = async ({ names }: TypedLine, text: string, lookup: Names): Promise<Choices> => {
  const kind = podKind(names[0] ?? '');
  if (kind !== null) return words(await lookup.inCluster(kind));
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const of = podKind(text.slice(0, slash));
    return of === null ? nothing : words(await lookup.inCluster(of), text.slice(0, slash + 1));
  }
  const kinds = Object.values(podKinds).flatMap((k) => k.words.find((word) => word.startsWith(text)) ?? []);
  // an API that says nothing leaves the kinds, which need none
  const pods = (await lookup.inCluster('pod').catch(() => [])).filter((name) => name.startsWith(text));
  const choices = [...pods, ...kinds.map((word) => `${word}/`)].map((word) => ({ word }));
  return { choices, after: pods.length === 0 ? 'open' : 'word' };
};

const ofNodes = async (text: string, lookup: Names): Promise<Choices> => {
  const before = /^(nodes?|no)\//.exec(text)?.[0] ?? '';
  return words(await lookup.inCluster('node'), before);
};

const ofCommand = (line: TypedLine, text: string, lookup: Names): Choices | Promise<Choices> => {
  const kind = commandNamed(line.command ?? '')?.completes ?? [];
  switch (kind) {
    case 'files':
      return { choices: [], after: 'file' };
    case 'nodes':
      return ofNodes(text, lookup);
    case 'pods':
      return ofPods(line, text, lookup);
    case 'command':
      return line.names.length > 0 ? nothing : theCommands;
    case 'check':
      return line.names.length > 0 ? nothing : lookup.checks().then((choices) => ({ choices, after: 'word' }));
    default:
      return line.names.length > 0 ? nothing : words(kind);
  }
};

/** What can stand where no flag and no value is typed: a command, or an argument of the one that was typed. Names that are there already are not offered again. */
export const completeName = async (line: TypedLine, text: string, lookup: Names): Promise<Choices> => {
  if (line.command === null) return theCommands;
  if (isChosen(line)) return nothing;
  const { choices, after } = await ofCommand(line, text, lookup);
  return { choices: choices.filter(({ word }) => !line.names.includes(word)), after };
};

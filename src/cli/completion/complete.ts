import { allFlags } from '../all-flags.ts';
import { commandNamed } from '../command-named.ts';
import type { Flags } from '../flag.ts';
import { ownFlags } from '../own-flags.ts';
import type { Choice } from './choice.ts';
import type { Choices } from './choices.ts';
import { completeName } from './complete-name.ts';
import { completeValue } from './complete-value.ts';
import type { Names } from './names.ts';
import type { TypedLine } from './typed-line.ts';

const flagsOf = ({ command }: TypedLine): Flags =>
  command === null ? ownFlags : { ...commandNamed(command)?.flags, help: ownFlags.help };

const flagChoices = (line: TypedLine): readonly Choice[] =>
  Object.entries(flagsOf(line)).flatMap(([name, { kind, short, about }]) => {
    if (name in line.given && kind !== 'list') return [];
    // -v has one name, and may be given as -vv
    const spelled = [...(name.length === 1 ? [] : [`--${name}`]), ...(short === undefined ? [] : [`-${short}`])];
    return spelled.map((word) => ({ word, about }));
  });

/** Inserted as it stands by most shells, and shown on terminals: what is no plain word is not offered. */
const plain = /^[\w@%+=:,./*-]+$/;

const all = async (line: TypedLine, names: Names): Promise<Choices> => {
  const { typing } = line;
  switch (typing.kind) {
    case 'flag':
      return { choices: flagChoices(line), after: 'word' };
    case 'word':
      return await completeName(line, typing.text, names);
    case 'value': {
      const flag = (line.command === null ? allFlags : flagsOf(line))[typing.flag];
      if (!flag) return { choices: [], after: 'word' };
      const { choices, after } = await completeValue(flag, typing.text, names);
      return { choices: choices.map((c) => ({ ...c, word: typing.before + c.word })), after };
    }
  }
};

/** What the word being typed can become. Throws what `names` throws. */
export const complete = async (line: TypedLine, names: Names): Promise<Choices> => {
  const { choices, after } = await all(line, names);
  const { typing } = line;
  const begin = typing.kind === 'value' ? typing.before + typing.text : typing.text;
  return { choices: choices.filter(({ word }) => plain.test(word) && word.startsWith(begin)), after };
};

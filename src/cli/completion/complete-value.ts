import type { Flag } from '../flag.ts';
import type { Choice } from './choice.ts';
import type { Choices } from './choices.ts';
import type { Names } from './names.ts';

const words = (all: readonly string[], after: Choices['after'] = 'word'): Choices => ({
  choices: all.map((word) => ({ word })),
  after,
});

/** Ids of checks, and all checks of an area. */
const someChecks = async (names: Names): Promise<readonly Choice[]> => {
  const checks = await names.checks();
  const areas = [...new Set(checks.map(({ word }) => `${word.split('/')[0]}/*`))];
  return [...areas.map((word) => ({ word, about: 'all of them' })), ...checks];
};

/** The last of a list with commas. What is in the list already is not offered again. */
const ofChecks = async (text: string, names: Names): Promise<Choices> => {
  const before = text.slice(0, text.lastIndexOf(',') + 1);
  const had = new Set(before.split(','));
  const all = await someChecks(names);
  return {
    choices: all.filter((c) => !had.has(c.word)).map((c) => ({ ...c, word: before + c.word })),
    after: 'open',
  };
};

/** What a flag's value can be; `text` is what was typed of it. */
export const completeValue = async (flag: Flag, text: string, names: Names): Promise<Choices> => {
  if (flag.kind === 'switch') return words(['true', 'false']);
  const completes = flag.oneOf ?? flag.completes ?? [];
  switch (completes) {
    case 'file':
      return { choices: [], after: 'file' };
    case 'check':
      return { choices: await someChecks(names), after: 'open' };
    case 'checks':
      return await ofChecks(text, names);
    case 'namespace':
      return words(await names.inCluster('namespace'));
    case 'context':
    case 'cluster':
    case 'user':
      return words(await names.inKubeconfig(completes));
    default:
      return words(completes);
  }
};

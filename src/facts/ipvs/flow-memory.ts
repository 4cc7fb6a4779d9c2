import { fact } from '../../core/fact.ts';

/** Where connections that are over can still be seen: conntrack keeps an unanswered one for 60 s and more. */
export const flowMemory = fact<{ readonly source: string }>(
  'ipvs/flow-memory',
  'node',
  'whether conntrack could be read, which remembers connections that are over',
);

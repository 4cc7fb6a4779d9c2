import { connectionFlagNames } from './connection-flag-names.ts';
import { debugPodFlagNames } from './debug-pod-flag-names.ts';
import { nodeFlags } from './node-flags.ts';
import { type Conflict, refusePairs } from './refuse-pairs.ts';
import { UsageError } from './usage-error.ts';
import type { Values } from './values.ts';

/** The flags of `netdoctor node` by name. */
export type NodeFlag = keyof typeof nodeFlags;

const pod: readonly NodeFlag[] = [...debugPodFlagNames, 'parallel', 'selector', 'all'];

/** A source, what it has no use for, and why. --namespace is not here: it is accepted and ignored everywhere. */
const conflicts: readonly Conflict<NodeFlag>[] = [
  { source: 'local', flags: ['from', 'emit-collector'], why: 'only one of them can say what is looked at' },
  { source: 'from', flags: ['emit-collector'], why: 'only one of them can say what is looked at' },
  { source: 'from', flags: ['save'], why: 'what a bundle holds is saved already' },
  { source: 'from', flags: ['window', 'watch-for'], why: 'a bundle holds what was sampled then' },
  { source: 'emit-collector', flags: ['watch-for'], why: 'the collector reads and ends' },
  { source: 'emit-collector', flags: ['save'], why: "the bundle is the collector's own output" },
  { source: 'emit-collector', flags: ['since'], why: 'give it with --from, when the bundle is judged' },
  { source: 'emit-collector', flags: ['suppress'], why: 'give it with --from, when the bundle is judged' },
  { source: 'emit-collector', flags: ['node-port-range'], why: 'give it with --from, when the bundle is judged' },
  ...(['local', 'from', 'emit-collector'] as const).flatMap((source) => [
    { source, flags: connectionFlagNames, why: `--${source} asks no API` },
    { source, flags: pod, why: `--${source} makes no pod` },
  ]),
];

/** Refuses flags and names that do not go together. Throws {@link UsageError} with the reason. */
export const refuseConflicts = (v: Values<NodeFlag>, names: readonly string[]): void => {
  const has = refusePairs(v, nodeFlags, conflicts);
  const source = (['local', 'from', 'emit-collector'] as const).find(has);
  const [name] = names;
  const chosen = source ?? (['selector', 'all'] as const).find(has);
  if (chosen === undefined && name === undefined) {
    throw new UsageError('which node? Give names, -l or --all, or --local for this machine, or --from for a bundle');
  }
  if (chosen !== undefined && name !== undefined)
    throw new UsageError(`the name "${name}" cannot be used with --${chosen}, which says what is looked at`);
  if (has('selector') && has('all'))
    throw new UsageError('--all cannot be used with --selector: it chooses every node');
  if (has('save') && (has('selector') || has('all') || names.length > 1))
    throw new UsageError('--save takes one node: a bundle holds one');
  if (has('since') && (has('selector') || has('all') || names.length > 1))
    throw new UsageError('--since takes one node: a bundle holds one');
};

import { connectionFlagNames } from './connection-flag-names.ts';
import { debugPodFlagNames } from './debug-pod-flag-names.ts';
import { podFlags } from './pod-flags.ts';
import { type Conflict, refusePairs } from './refuse-pairs.ts';
import { UsageError } from './usage-error.ts';
import type { Values } from './values.ts';

/** The flags of `netdoctor pod` by name. */
export type PodFlag = keyof typeof podFlags;

/** As with nodes; --namespace is accepted everywhere, and -A counts more, as with kubectl. */
const conflicts: readonly Conflict<PodFlag>[] = [
  {
    source: 'from',
    flags: ['selector', 'all', 'all-namespaces'],
    why: 'a bundle holds the pods that were chosen then',
  },
  { source: 'from', flags: ['no-probe'], why: 'a bundle holds what was read then' },
  { source: 'from', flags: ['save'], why: 'what a bundle holds is saved already' },
  { source: 'from', flags: ['window', 'watch-for'], why: 'a bundle holds what was sampled then' },
  { source: 'from', flags: connectionFlagNames, why: '--from asks no API' },
  { source: 'from', flags: [...debugPodFlagNames, 'parallel'], why: '--from makes no pod' },
  { source: 'no-probe', flags: debugPodFlagNames, why: '--no-probe makes no pod' },
  { source: 'no-probe', flags: ['window'], why: 'sockets are sampled by a debug pod' },
  { source: 'no-probe', flags: ['watch-for'], why: 'a node is watched by a debug pod' },
  { source: 'selector', flags: ['all'], why: 'it chooses every pod' },
];

/** Refuses flags and names that do not go together. Throws {@link UsageError} with the reason. */
export const refusePodConflicts = (v: Values<PodFlag>, names: readonly string[]): void => {
  const has = refusePairs(v, podFlags, conflicts);
  const [name] = names;
  const chosen = (['from', 'selector', 'all', 'all-namespaces'] as const).find(has);
  if (chosen === undefined && name === undefined) {
    throw new UsageError(
      'which pods? Give names (web-0, deploy/web), -l, --all for a namespace or -A for all of them, or --from for a bundle',
    );
  }
  if (chosen === undefined || name === undefined) return;
  const why = chosen === 'all-namespaces' ? 'a name is of one namespace' : 'it says what is looked at';
  throw new UsageError(`the name "${name}" cannot be used with --${chosen}: ${why}`);
};

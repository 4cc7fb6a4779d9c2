import type { PodOptions, Source } from '../app/request.ts';
import { defined } from '../lib/defined.ts';
import type { connectionFlags } from './connection-flags.ts';
import { duration } from './duration.ts';
import { kubeFlags } from './kube-flags.ts';
import { namespaceName } from './namespace-name.ts';
import type { probingFlags } from './probing-flags.ts';
import { secretName } from './secret-name.ts';
import { UsageError } from './usage-error.ts';
import type { Values } from './values.ts';

type ClusterSource = Extract<Source, { kind: 'cluster' }>;
type ProbingValues = Values<keyof typeof probingFlags | keyof typeof connectionFlags>;

const policies: readonly PodOptions['imagePullPolicy'][] = ['Always', 'IfNotPresent', 'Never'];
const allRights: readonly PodOptions['rights'][] = ['minimal', 'default', 'full'];

/** What is made of a text, where there is one. */
const when = <T>(text: string | undefined, make: (text: string) => T): T | undefined =>
  text === undefined ? undefined : make(text);

const podOptions = (v: ProbingValues): PodOptions => ({
  image: v.text('image') ?? 'busybox:1.36',
  imagePullPolicy: policies.find((p) => p === v.text('image-pull-policy')) ?? 'IfNotPresent',
  ...defined({ imagePullSecret: when(v.text('image-pull-secret'), (t) => secretName(t, 'image-pull-secret')) }),
  namespace: namespaceName(v.text('probe-namespace') ?? 'kube-system', 'probe-namespace'),
  rights: allRights.find((r) => r === v.text('rights')) ?? 'default',
  startSeconds: duration(v.text('timeout') ?? '30s', 'timeout', { least: 1, most: 600 }) / 1000,
});

const parallelOf = (text: string | undefined): number => {
  if (text === undefined) return 8;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UsageError(`invalid argument "${text}" for "--parallel" flag: not a number from 1 to 999`);
};

/** A cluster as the source: which one, and how its nodes are read. Throws UsageError. */
export const clusterSource = (v: ProbingValues, choice: ClusterSource['choice'], probe: boolean): ClusterSource => ({
  kind: 'cluster',
  choice,
  probe,
  parallel: parallelOf(v.text('parallel')),
  ...kubeFlags(v),
  pod: podOptions(v),
});

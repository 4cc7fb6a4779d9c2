import type { NodeChoice, NodeRequest, NodeSource, PodOptions } from '../app/request.ts';
import { defined } from '../lib/defined.ts';
import { duration } from './duration.ts';
import { kubeFlags } from './kube-flags.ts';
import { namespaceName } from './namespace-name.ts';
import { type NodeFlag, refuseConflicts } from './node-conflicts.ts';
import { nodeName } from './node-name.ts';
import { portRange } from './port-range.ts';
import { secretName } from './secret-name.ts';
import { UsageError } from './usage-error.ts';
import type { Values } from './values.ts';

const policies: readonly PodOptions['imagePullPolicy'][] = ['Always', 'IfNotPresent', 'Never'];
const allRights: readonly PodOptions['rights'][] = ['minimal', 'default', 'full'];

/** What is made of a text, where there is one. */
const when = <T>(text: string | undefined, make: (text: string) => T): T | undefined =>
  text === undefined ? undefined : make(text);

const podOptions = (v: Values<NodeFlag>): PodOptions => ({
  image: v.text('image') ?? 'busybox:1.36',
  imagePullPolicy: policies.find((p) => p === v.text('image-pull-policy')) ?? 'IfNotPresent',
  ...defined({ imagePullSecret: when(v.text('image-pull-secret'), (t) => secretName(t, 'image-pull-secret')) }),
  namespace: namespaceName(v.text('probe-namespace') ?? 'kube-system', 'probe-namespace'),
  rights: allRights.find((r) => r === v.text('rights')) ?? 'default',
  startSeconds: duration(v.text('timeout') ?? '30s', 'timeout', { least: 1, most: 600 }) / 1000,
});

const list = (of: readonly string[]): readonly string[] | undefined => (of.length > 0 ? of : undefined);

/** Names count once: two pods would say the same. */
const nodesOf = (v: Values<NodeFlag>, names: readonly string[]): NodeChoice => {
  const selector = v.text('selector');
  if (selector !== undefined) return { by: 'selector', selector };
  return v.on('all') ? { by: 'all' } : { by: 'name', names: [...new Set(names.map(nodeName))] };
};

const parallelOf = (text: string | undefined): number => {
  if (text === undefined) return 8;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UsageError(`invalid argument "${text}" for "--parallel" flag: not a number from 1 to 999`);
};

const fromPod = (v: Values<NodeFlag>, names: readonly string[]): NodeSource => {
  return {
    kind: 'pod',
    nodes: nodesOf(v, names),
    parallel: parallelOf(v.text('parallel')),
    ...kubeFlags(v),
    pod: podOptions(v),
  };
};

const sourceOf = (v: Values<NodeFlag>, names: readonly string[]): NodeSource => {
  const path = v.text('from');
  if (path !== undefined) return { kind: 'bundle', path };
  return v.on('local') || v.on('emit-collector') ? { kind: 'local' } : fromPod(v, names);
};

/** What `netdoctor node` is asked, from its flags and the names. With --emit-collector only the window and the checks count. Throws UsageError. */
export const nodeRequest = (v: Values<NodeFlag>, names: readonly string[]): NodeRequest => {
  refuseConflicts(v, names);
  const range = v.text('node-port-range');
  const patterns = v
    .list('checks')
    .flatMap((p) => p.split(','))
    .map((p) => p.trim())
    .filter((p) => p !== '');
  return {
    source: sourceOf(v, names),
    windowSeconds: duration(v.text('window') ?? '2s', 'window', { least: 0, most: 600 }) / 1000,
    ...defined({
      nodePortRange: range === undefined ? undefined : portRange(range, 'node-port-range'),
      checks: list(patterns),
      save: v.text('save'),
    }),
  };
};

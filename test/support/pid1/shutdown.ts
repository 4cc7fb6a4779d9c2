import { apply, kubectl, onNode, until } from '../cluster.ts';
import { finalizer, manifest, rowRecordsOnNode } from './manifest.ts';
import { namespaceOf } from './namespace-of.ts';
import type { RowPod } from './pods-of-rows.ts';
import { type Entry, readRecords } from './read-records.ts';
import { readStops, type Stop } from './read-stops.ts';
import type { Fate } from './row.ts';

/** How a container ended when its pod was deleted. */
export interface Shutdown extends Stop {
  readonly exitCode: number;
  /** From the signal to the end of the first process; up to a second more, since the API cuts that off. */
  readonly seconds: number;
  /** What the witnesses wrote. */
  readonly record: readonly Entry[];
  readonly fate: Fate;
}

interface ApiPod {
  readonly metadata: { readonly name: string; readonly finalizers?: readonly string[] };
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly containerID?: string;
      readonly restartCount: number;
      readonly state: {
        readonly running?: object;
        readonly terminated?: { readonly exitCode: number; readonly finishedAt: string };
      };
    }[];
  };
}

const podsOf = async (node: string): Promise<readonly ApiPod[]> =>
  (JSON.parse(await kubectl(['get', 'pods', '-n', namespaceOf(node), '-o', 'json'])) as { items: ApiPod[] }).items;

const containersOf = async (node: string) => (await podsOf(node)).flatMap((p) => p.status.containerStatuses ?? []);

/** Starts pods on a node, all in one go, and returns when all their containers are at work. */
export const startPods = async (node: string, pods: readonly RowPod[], graceSeconds: number): Promise<void> => {
  const namespace = namespaceOf(node);
  const rows = pods.flatMap((p) => p.rows);
  await onNode(node, ['rm', '-rf', rowRecordsOnNode]);
  await apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...pods.map((pod) => manifest(pod, node, namespace, graceSeconds)),
  );
  await until(`the containers of ${namespace} run`, 400_000, async () => {
    const containers = await containersOf(node);
    const ended = containers.find((c) => c.state.terminated || c.restartCount > 0);
    if (ended) throw new Error(`${ended.name} has ended by itself: ${JSON.stringify(ended)}`);
    return containers.filter((c) => c.state.running).length === rows.length ? true : null;
  });
  await until(`the witnesses of ${namespace} have begun`, 120_000, async () => {
    const records = await readRecords(node, rowRecordsOnNode);
    return rows.every((row) => !row.records || records.has(row.name)) ? true : null;
  });
  // sleep keeps no record, and behind an init it may be late; and a shell that has hardly begun might prepare something
  await new Promise((r) => setTimeout(r, 31_000));
};

const fateOf = (killed: boolean, exitCode: number, record: readonly Entry[]): Fate => {
  if (killed && exitCode === 137) return 'hangs';
  if (record.some((e) => e.what === 'end')) return 'finishes';
  return record.some((e) => e.what === 'start') ? 'killed' : 'dies';
};

/** Deletes the pods of {@link startPods} all at once, and says how each container ended. */
export const deleteAndMeasure = async (node: string): Promise<ReadonlyMap<string, Shutdown>> => {
  const namespace = namespaceOf(node);
  await kubectl(['delete', '--raw', `/api/v1/namespaces/${namespace}/pods`]);
  const ended = await until(`the containers of ${namespace} have ended`, 200_000, async () => {
    const containers = await containersOf(node);
    return containers.every((c) => c.state.terminated) ? containers : null;
  });
  const records = await readRecords(node, rowRecordsOnNode);
  const stops = await readStops(node);
  return new Map(
    ended.map(({ name, containerID = '', state }) => {
      const stop = stops.get(containerID.replace(/^.*:\/\//, ''));
      if (!stop || !state.terminated) throw new Error(`the runtime does not say that it stopped ${name}`);
      const record = records.get(name) ?? [];
      const { exitCode, finishedAt } = state.terminated;
      const seconds = (Date.parse(finishedAt) - stop.atMs) / 1000;
      return [name, { exitCode, seconds, ...stop, record, fate: fateOf(stop.killed, exitCode, record) }];
    }),
  );
};

/** Deletes what {@link startPods} made, also after a failure, and lets the pods go that are held. */
export const removePods = async (node: string): Promise<void> => {
  const namespace = namespaceOf(node);
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
  const held = (await podsOf(node)).filter((p) => p.metadata.finalizers?.includes(finalizer));
  if (held.length > 0)
    await kubectl([
      'patch',
      'pods',
      ...held.map((p) => p.metadata.name),
      '-n',
      namespace,
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ]);
  await kubectl(['wait', '--for=delete', `namespace/${namespace}`, '--timeout=120s']);
};

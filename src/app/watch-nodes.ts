import { randomBytes } from 'node:crypto';
import { endianness } from 'node:os';
import type { Lookup } from '../core/facts-table.ts';
import { TransportError } from '../core/transport.ts';
import type { PodName, WatchEvent } from '../core/watch.ts';
import { tracefs } from '../facts/kernel/tracefs.ts';
import { spaces } from '../facts/network/spaces.ts';
import { pods } from '../facts/workloads/pods.ts';
import { subjects } from '../facts/workloads/subjects.ts';
import { watchByPod } from '../transports/watch/debug-pod.ts';
import { watchLocally } from '../transports/watch/local.ts';
import { writeWatch } from '../transports/watch/program.ts';
import { concerns } from './concerns.ts';
import { connect } from './connect.ts';
import { kubectlFor } from './kubectl-for.ts';
import { type NodeTeller, nodeTeller } from './node-teller.ts';
import { nonce } from './nonce.ts';
import { progressOfMany } from './progress-of-many.ts';
import type { DiagnoseRequest, RunContext, Watcher } from './request.ts';
import { watchCluster } from './watch-cluster.ts';
import { watchNames } from './watch-names.ts';
import { type WatchedNode, watchNode } from './watch-node.ts';

/** A node that was read and is to be watched. */
export interface NodeToWatch {
  readonly node: string;
  /** What was read of it. */
  readonly lookup: Lookup;
}

/** How a node is watched. */
type WatchOne = (to: NodeToWatch, signal: AbortSignal) => Promise<WatchedNode>;

/** How long a watch that has found something goes on, so that kubelet's word of the probe that failed by it comes too, in milliseconds. */
const lingerMs = 3500;

/** The chosen pods of a node. */
const chosenOn = (node: string, lookup: Lookup): readonly PodName[] => {
  const chosen = lookup(subjects);
  return chosen.ok ? chosen.value.filter((p) => p.node === node) : [];
};

/** All at once, until each has ended; with `untilFound` the first that finds something ends them all. */
const all = async (
  nodes: readonly NodeToWatch[],
  untilFound: boolean,
  one: WatchOne,
  signal: AbortSignal,
): Promise<Map<string, WatchedNode>> => {
  const enough = new AbortController();
  const ending = AbortSignal.any([signal, enough.signal]);
  const settled = await Promise.allSettled(
    nodes.map(async (to) => {
      try {
        const watched = await one(to, ending);
        if (untilFound && watched.found.length > 0) enough.abort(new Error('it was found'));
        return [to.node, watched] as const;
      } catch (error) {
        // one that cannot be watched is no reason to wait for the others
        enough.abort(new Error('another node cannot be watched'));
        throw error;
      }
    }),
  );
  return new Map(
    settled.map((s) => {
      if (s.status === 'rejected') throw s.reason;
      return s.value;
    }),
  );
};

/**
 * Watches nodes, or this machine, and tells what it sees; gives of each the connects whose answer IPVS took. Ends early, without an error, when the run
 * is interrupted. Throws {@link TransportError} where a node cannot be watched at all, or a watch breaks off with nothing found: half a
 * watch that found nothing is no good news. `write`: the program, for tests.
 */
export const watchNodes = async (
  {
    about,
    source,
    watch,
  }: Pick<DiagnoseRequest, 'about' | 'source'> & {
    readonly watch: NonNullable<DiagnoseRequest['watch']>;
  },
  nodes: readonly NodeToWatch[],
  watcher: Watcher,
  context: Pick<RunContext, 'env' | 'signal' | 'onProgress' | 'onLeftBehind'>,
  write: typeof writeWatch = writeWatch,
): Promise<ReadonlyMap<string, readonly WatchEvent[]>> => {
  const { seconds, untilFound } = watch;
  const tellerOf = ({ node, lookup }: NodeToWatch): NodeTeller => {
    const names = watchNames(lookup);
    const mine = about === 'pods' ? concerns(chosenOn(node, lookup), lookup(pods), lookup(spaces)) : () => true;
    return nodeTeller(names, mine, (events) => watcher.onEvents(events, names, nodes.length > 1 ? node : null));
  };
  const here: WatchOne = (to, signal) =>
    watchNode({
      ...{ name: 'This machine', littleEndian: endianness() === 'LE', lingerMs: untilFound ? 0 : null, signal },
      onFrame: tellerOf(to).frame,
      frames: watchLocally({ nonce: nonce(), runId: nonce(), seconds }, signal, write),
    });
  const byPods = async (from: Extract<DiagnoseRequest['source'], { kind: 'cluster' }>) => {
    if (nodes.length > from.parallel)
      throw new TransportError(
        `--watch-for watches ${from.parallel} nodes at once, and ${nodes.length} were chosen: choose fewer, or more with --parallel`,
      );
    const { api } = connect(from, context);
    const progress = progressOfMany(nodes.length, context.onProgress);
    const tellers = new Map(nodes.map((to) => [to.node, tellerOf(to)]));
    const over = new AbortController();
    const listen = async (): Promise<void> => {
      const chosen = about === 'pods' ? nodes.flatMap((to) => chosenOn(to.node, to.lookup)) : null;
      const told = watchCluster({
        ...{ api, nodes: nodes.map((to) => to.node) },
        pods: chosen && new Set(chosen.map((p) => `${p.namespace}/${p.name}`)),
        signal: AbortSignal.any([context.signal, over.signal]),
        onNote: (text) => context.onProgress({ kind: 'note', text }),
      });
      for await (const { node, event, receivedMs } of told) tellers.get(node)?.api(event, receivedMs);
    };
    const listening = listen();
    listening.catch((error: unknown) => {
      if (context.signal.aborted || over.signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      context.onProgress({
        kind: 'note',
        text: `Failed probes and pods that stop being Ready are no longer told: ${why}`,
      });
    });
    const byPod: WatchOne = async (to, signal) => {
      const mounts = to.lookup(tracefs);
      const teller = tellers.get(to.node) ?? tellerOf(to);
      const watched = await watchNode({
        // every platform that Kubernetes nodes run on is, but s390x
        ...{ name: `node ${to.node}`, littleEndian: true, lingerMs: untilFound ? lingerMs : null, signal },
        onFrame: teller.frame,
        frames: watchByPod(
          {
            ...{ api, node: to.node, write, onProgress: progress(to.node) },
            onLeftBehind: (command) => context.onLeftBehind(to.node, command),
            options: {
              ...from.pod,
              ...{ nonce: nonce(), runId: randomBytes(5).toString('hex'), seconds },
              ...{ timeoutSeconds: from.pod.startSeconds, kubectl: kubectlFor(from.flags) },
              tracefsMounted: mounts.ok && mounts.value.length > 0,
            },
          },
          signal,
        ),
      });
      await teller.end();
      return watched;
    };
    try {
      return await all(nodes, untilFound, byPod, context.signal);
    } finally {
      over.abort(new Error('the watch is over'));
      await listening.catch(() => undefined);
      api.close();
    }
  };
  const watched = source.kind === 'cluster' ? await byPods(source) : await all(nodes, untilFound, here, context.signal);
  const broken = [...watched.values()].flatMap((w) => (w.broken === null ? [] : [w.broken]));
  const nothing = [...watched.values()].every((w) => w.found.length === 0);
  if (broken.length > 0 && nothing && !context.signal.aborted) throw new TransportError(`${broken.join('; ')}.`);
  const missing = [...watched.values()].flatMap((w) => (w.missing === null ? [] : [w.missing]));
  for (const text of [...broken, ...missing]) context.onProgress({ kind: 'note', text });
  return new Map([...watched].map(([node, w]) => [node, w.found]));
};

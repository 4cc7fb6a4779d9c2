import { randomBytes } from 'node:crypto';
import { endianness } from 'node:os';
import type { Lookup } from '../core/facts-table.ts';
import { TransportError } from '../core/transport.ts';
import type { WatchEvent } from '../core/watch.ts';
import { tracefs } from '../facts/kernel/tracefs.ts';
import { watchByPod } from '../transports/watch/debug-pod.ts';
import { watchLocally } from '../transports/watch/local.ts';
import { writeWatch } from '../transports/watch/program.ts';
import { connect } from './connect.ts';
import { kubectlFor } from './kubectl-for.ts';
import { nonce } from './nonce.ts';
import { progressOfMany } from './progress-of-many.ts';
import type { DiagnoseRequest, RunContext, Watcher } from './request.ts';
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
  { source, watch }: Pick<DiagnoseRequest, 'source'> & { readonly watch: NonNullable<DiagnoseRequest['watch']> },
  nodes: readonly NodeToWatch[],
  watcher: Watcher,
  context: Pick<RunContext, 'env' | 'signal' | 'onProgress' | 'onLeftBehind'>,
  write: typeof writeWatch = writeWatch,
): Promise<ReadonlyMap<string, readonly WatchEvent[]>> => {
  const { seconds, untilFound } = watch;
  const many = nodes.length > 1;
  const tell = ({ node, lookup }: NodeToWatch) => {
    const names = watchNames(lookup);
    return (events: readonly WatchEvent[]) => watcher.onEvents(events, names, many ? node : null);
  };
  const here: WatchOne = (to, signal) =>
    watchNode({
      ...{ name: 'This machine', littleEndian: endianness() === 'LE', untilFound, signal, onEvents: tell(to) },
      frames: watchLocally({ nonce: nonce(), runId: nonce(), seconds }, signal, write),
    });
  const byPods = async (from: Extract<DiagnoseRequest['source'], { kind: 'cluster' }>) => {
    if (nodes.length > from.parallel)
      throw new TransportError(
        `--watch-for watches ${from.parallel} nodes at once, and ${nodes.length} were chosen: choose fewer, or more with --parallel`,
      );
    const { api } = connect(from, context);
    const progress = progressOfMany(nodes.length, context.onProgress);
    try {
      const byPod: WatchOne = (to, signal) => {
        const mounts = to.lookup(tracefs);
        return watchNode({
          // every platform that Kubernetes nodes run on is, but s390x
          ...{ name: `node ${to.node}`, littleEndian: true, untilFound, signal, onEvents: tell(to) },
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
      };
      return await all(nodes, untilFound, byPod, context.signal);
    } finally {
      api.close();
    }
  };
  const watched = source.kind === 'cluster' ? await byPods(source) : await all(nodes, untilFound, here, context.signal);
  const broken = [...watched.values()].flatMap((w) => (w.broken === null ? [] : [w.broken]));
  const nothing = [...watched.values()].every((w) => w.found.length === 0);
  if (broken.length > 0 && nothing && !context.signal.aborted) throw new TransportError(`${broken.join('; ')}.`);
  for (const text of broken) context.onProgress({ kind: 'note', text });
  return new Map([...watched].map(([node, w]) => [node, w.found]));
};

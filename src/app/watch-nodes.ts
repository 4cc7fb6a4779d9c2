import { randomBytes } from 'node:crypto';
import { ApiError } from '../cluster/api-error.ts';
import type { Lookup } from '../core/facts-table.ts';
import { TransportError } from '../core/transport.ts';
import { type PodName, podKey, type WatchEvent } from '../core/watch.ts';
import { tracefs } from '../facts/kernel/tracefs.ts';
import { spaces } from '../facts/network/spaces.ts';
import { pods } from '../facts/workloads/pods.ts';
import { subjects } from '../facts/workloads/subjects.ts';
import { clockText } from '../lib/clock-text.ts';
import { madeOf } from '../lib/made-of.ts';
import { watchByPod } from '../transports/watch/debug-pod.ts';
import { watchLocally } from '../transports/watch/local.ts';
import { writeWatch } from '../transports/watch/program.ts';
import { concerns } from './concerns.ts';
import { connect } from './connect.ts';
import { kubectlFor } from './kubectl-for.ts';
import { learntPods } from './learnt-pods.ts';
import { type NodeTeller, nodeTeller } from './node-teller.ts';
import { nonce } from './nonce.ts';
import { progressOfMany } from './progress-of-many.ts';
import type { DiagnoseRequest, RunContext, Watcher } from './request.ts';
import { watchCluster } from './watch-cluster.ts';
import { watchNames } from './watch-names.ts';
import { type WatchedNode, watchNode } from './watch-node.ts';
import { withLearnt } from './with-learnt.ts';

/** A node that was read and is to be watched. */
export interface NodeToWatch {
  readonly node: string;
  /** What was read of it. */
  readonly lookup: Lookup;
}

/** How nodes are watched. */
interface Watching<T extends NodeToWatch> {
  /** In a sentence: "this machine", "node vm1". */
  readonly nameOf: (node: string) => string;
  /** Throws what the frames throw before the first of them. */
  readonly one: (to: T, signal: AbortSignal) => Promise<WatchedNode>;
}

/** How long a watch that has found something goes on, so that kubelet's word of the probe that failed by it comes too, in milliseconds. */
const lingerMs = 3500;

/** How often what the API told is looked at, where no frame comes, in milliseconds. */
const tickMs = 1000;

/** The chosen pods of a node. */
const chosenOn = (node: string, lookup: Lookup): readonly PodName[] => {
  const chosen = lookup(subjects);
  return chosen.ok ? chosen.value.filter((p) => p.node === node) : [];
};

/** What is told of a watch that did not come to its end, as soon as it did not. */
const brokenText = (name: string, { seconds, broken }: WatchedNode, of: number): string => {
  const why = broken?.why ? `: ${broken.why}` : '';
  return seconds === null
    ? `${name} cannot be watched${why}`
    : `the watch of ${name} broke off after ${clockText(seconds)} of ${clockText(of)}${why}`;
};

/**
 * All at once, until each has ended; with `untilFound` the first that finds something ends them all. One that cannot be watched, or whose watch breaks off,
 * ends its own, with a note.
 */
const all = async <T extends NodeToWatch>(
  nodes: readonly T[],
  { seconds, untilFound }: NonNullable<DiagnoseRequest['watch']>,
  { nameOf, one }: Watching<T>,
  { signal, onProgress }: Pick<RunContext, 'signal' | 'onProgress'>,
): Promise<Map<string, WatchedNode>> => {
  const enough = new AbortController();
  const ending = AbortSignal.any([signal, enough.signal]);
  const whole = async (to: T): Promise<WatchedNode> => {
    try {
      return await one(to, ending);
    } catch (error) {
      if (!(error instanceof TransportError || error instanceof ApiError)) throw error;
      const why = error.message.replace(/\.$/, '');
      return { found: [], seconds: null, broken: { why }, missing: null };
    }
  };
  const settled = await Promise.allSettled(
    nodes.map(async (to) => {
      try {
        const watched = await whole(to);
        if (untilFound && watched.found.length > 0) enough.abort(new Error('it was found'));
        const texts = [watched.broken && brokenText(nameOf(to.node), watched, seconds), watched.missing];
        for (const text of texts) if (text !== null) onProgress({ kind: 'note', text });
        return [to.node, watched] as const;
      } catch (error) {
        // an error of ours is no reason to wait for the others
        enough.abort(new Error('the watch of another node failed'));
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
 * Watches nodes, or this machine, and tells what it sees; gives what the watch of each came to. Ends early, without an error, when the run
 * is interrupted. A node that cannot be watched, or not to its end, is a note, and the others go on. `write`: the program, for tests.
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
): Promise<ReadonlyMap<string, WatchedNode>> => {
  const { seconds, untilFound } = watch;
  const learnt = learntPods();
  const concernsOf = ({ node, lookup }: NodeToWatch): ((e: WatchEvent) => boolean) => {
    if (about === 'nodes') return () => true;
    const chosen = chosenOn(node, lookup);
    const mine = madeOf(learnt.now, (more) => concerns(chosen, withLearnt(lookup(pods), more), lookup(spaces)));
    return (e) => mine()(e);
  };
  const tellerOf = ({ node, lookup }: NodeToWatch, mine: (e: WatchEvent) => boolean): NodeTeller => {
    const names = watchNames(lookup, learnt.now);
    return nodeTeller(names, mine, (events) => watcher.onEvents(events, names, nodes.length > 1 ? node : null));
  };
  const here: Watching<NodeToWatch> = {
    nameOf: () => 'this machine',
    one: (to, signal) => {
      const mine = concernsOf(to);
      return watchNode({
        ...{ name: 'this machine', concerns: mine, lingerMs: untilFound ? 0 : null, signal },
        onFrame: tellerOf(to, mine).frame,
        frames: watchLocally({ nonce: nonce(), runId: nonce(), seconds }, signal, write),
      });
    },
  };
  const byPods = async (from: Extract<DiagnoseRequest['source'], { kind: 'cluster' }>) => {
    const { api } = connect(from, context);
    const progress = progressOfMany(nodes.length, context.onProgress);
    const watches = nodes.map((to) => {
      const mine = concernsOf(to);
      return { ...to, mine, teller: tellerOf(to, mine) };
    });
    const tellers = new Map(watches.map(({ node, teller }) => [node, teller]));
    const over = new AbortController();
    const listen = async (): Promise<void> => {
      const chosen = about === 'pods' ? nodes.flatMap((to) => chosenOn(to.node, to.lookup)) : null;
      const told = watchCluster({
        ...{ api, nodes: nodes.map((to) => to.node) },
        pods: chosen && new Set(chosen.map(podKey)),
        signal: AbortSignal.any([context.signal, over.signal]),
        onNote: (text) => context.onProgress({ kind: 'note', text }),
        onPod: learnt.learn,
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
    const nameOf = (node: string): string => `node ${node}`;
    const one: Watching<(typeof watches)[number]>['one'] = async ({ node, lookup, mine, teller }, signal) => {
      const mounts = lookup(tracefs);
      // a reader that fails fails with the next frame, too
      const ticking = setInterval(() => void teller.tick().catch(() => undefined), tickMs);
      try {
        const watched = await watchNode({
          ...{ name: nameOf(node), concerns: mine, lingerMs: untilFound ? lingerMs : null, signal },
          onFrame: teller.frame,
          frames: watchByPod(
            {
              ...{ api, node, write, onProgress: progress(node) },
              onLeftBehind: (command) => context.onLeftBehind(node, command),
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
      } finally {
        clearInterval(ticking);
      }
    };
    try {
      return await all(watches, watch, { nameOf, one }, context);
    } finally {
      over.abort(new Error('the watch is over'));
      await listening.catch(() => undefined);
      api.close();
    }
  };
  return source.kind === 'cluster' ? await byPods(source) : await all(nodes, watch, here, context);
};

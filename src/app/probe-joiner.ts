import type { ApiEvent, ProbeConnect, ProbeTally, WatchEnd, WatchEvent, WatchNames } from '../core/watch.ts';

type Connect = Extract<WatchEvent, { kind: 'connect' | 'socket' }>;
type ProbeFailed = Extract<ApiEvent, { kind: 'probe-failed' }>;

/** How long before kubelet's word its connect may have been seen to fail, in milliseconds: a look at the trace is told within one second, an event may wait for its turn. */
const beforeMs = 5000;
/** How much later than kubelet's word, in milliseconds. */
const afterMs = 2000;
/** How long a failed probe is held back, in milliseconds: until no connect of it can come any more. */
const holdMs = 2500;
/** Connects older than that are forgotten, in milliseconds: kubelet, which tells of one pod 25 times and then once in five minutes, tells by then. */
const keepMs = 600_000;
/** What is remembered at most of each. */
const most = { connects: 2000, held: 500, waiting: 5000, tallies: 5000, ports: 100 };
/** For how long a connect that waits is the same as the one before between the same two ends, in milliseconds: SYNs are sent again after up to 64 s, sockets are looked at each second. */
const sameMs = { connect: 70_000, socket: 3000 };

interface Seen {
  readonly source: WatchEnd;
  readonly destination: WatchEnd;
  readonly service: string | null;
  readonly byName: boolean;
  taken: boolean;
  ended: boolean;
  given: boolean;
  /** When it was seen first and last: its SYN is sent again while it waits. */
  readonly firstMs: number;
  lastMs: number;
}

interface Held {
  readonly event: ProbeFailed;
  readonly receivedMs: number;
  /** From when on its connects may be. */
  readonly fromMs: number;
}

/** Joins what kubelet tells of failed probes with the connects that the kernel saw to fail. */
interface ProbeJoiner {
  /** What the node's own watch told; what is no failed connect is passed over. */
  readonly saw: (events: readonly WatchEvent[], receivedMs: number) => void;
  /** A failed probe of that node, to be held back. */
  readonly failed: (event: ProbeFailed, receivedMs: number) => void;
  /** The failed probes that were held back for long enough, with their connects; at the end of the watch (Infinity) all. */
  readonly due: (nowMs: number) => readonly ProbeFailed[];
  /** What was counted so far, of those that were given out; the most failures first. */
  readonly tallies: () => readonly ProbeTally[];
}

const endKey = ({ ip, port }: WatchEnd): string => `${ip} ${port}`;

/**
 * For the watch of one node. The kubelet's clock, the node's and ours are not compared: all times are performance.now() at which something was
 * received here. A connect to the address of the probe is taken for the probe's if it was told between five seconds before and two after the event;
 * where the event tells of several failures at once, since the one before. Each is given out once, those of a process named kubelet
 * and the nearest first, and never more than there were failures. Connects of pods are none of kubelet's.
 */
export const probeJoiner = (names: WatchNames): ProbeJoiner => {
  const seen = new Map<string, Seen>();
  const toldMs = new Map<string, number>();
  const tallies = new Map<string, { failed: number; fromNodePort: number; ports: Set<number>; event: ProbeFailed }>();
  let held: readonly Held[] = [];
  let serial = 0;

  const ofPod = (e: Connect): boolean =>
    names.podAt(e.source.ip) !== null || (e.kind === 'connect' && e.opener !== null && e.opener.podUid !== null);

  const remember = (e: Connect, now: number): void => {
    const key = `${endKey(e.source)} ${endKey(e.destination)}`;
    const taken = e.mirrors.length > 0;
    const ended = e.kind === 'connect' && e.outcome === 'no-answer';
    const before = seen.get(key);
    seen.delete(key);
    if (before && !before.ended && now - before.lastMs <= sameMs[e.kind]) {
      before.taken ||= taken;
      before.ended = ended;
      before.lastMs = now;
      seen.set(key, before);
      return;
    }
    // from the same port again: the one before is another
    if (before && !before.given) seen.set(`${key} ${++serial}`, before);
    const byName = e.kind === 'connect' && e.opener?.process === 'kubelet';
    const service = names.serviceOf(e.source.port);
    seen.set(key, {
      ...{ source: e.source, destination: e.destination, service, byName },
      ...{ taken, ended, given: false, firstMs: now, lastMs: now },
    });
    for (const [old, { lastMs }] of seen) {
      if (seen.size <= most.connects && now - lastMs <= keepMs) break;
      seen.delete(old);
    }
  };

  const connectsOf = ({ event, receivedMs, fromMs }: Held): readonly ProbeConnect[] => {
    if (event.destination === null) return [];
    const to = endKey(event.destination);
    const near = (s: Seen): number => Math.max(s.firstMs - receivedMs, receivedMs - s.lastMs, 0);
    const chosen = [...seen.values()]
      .filter(
        (s) => !s.given && endKey(s.destination) === to && s.lastMs >= fromMs && s.firstMs <= receivedMs + afterMs,
      )
      .toSorted((a, b) => Number(b.byName) - Number(a.byName) || near(a) - near(b))
      .slice(0, event.count);
    return chosen.map((s) => {
      s.given = true;
      return { source: s.source, service: s.service, taken: s.taken };
    });
  };

  const keyOf = ({ pod, probe, container }: ProbeFailed): string =>
    JSON.stringify([pod.namespace, pod.name, probe, container]);

  const count = (event: ProbeFailed): void => {
    const key = JSON.stringify([event.pod.namespace, event.pod.name, event.probe]);
    const tally = tallies.get(key) ?? { failed: 0, fromNodePort: 0, ports: new Set(), event };
    const ports = event.connects.flatMap((c) => (c.service === null ? [] : [c.source.port]));
    tally.failed += event.count;
    tally.fromNodePort += ports.length;
    for (const port of ports) if (tally.ports.size < most.ports) tally.ports.add(port);
    if (tallies.size < most.tallies) tallies.set(key, tally);
  };

  return {
    saw: (events, receivedMs) => {
      for (const e of events)
        if ((e.kind === 'socket' || (e.kind === 'connect' && e.outcome !== 'refused')) && !ofPod(e))
          remember(e, receivedMs);
    },
    failed: (event, receivedMs) => {
      const key = keyOf(event);
      const since = event.count > 1 ? (toldMs.get(key) ?? Number.NEGATIVE_INFINITY) : Number.POSITIVE_INFINITY;
      toldMs.delete(key);
      toldMs.set(key, receivedMs);
      const [oldest = ''] = toldMs.keys();
      if (toldMs.size > most.tallies) toldMs.delete(oldest);
      // of a node whose frames do not come for hours: they count, and are not told one by one
      const [first] = held;
      if (first && held.length >= most.waiting) {
        count({ ...first.event, connects: connectsOf(first) });
        held = held.slice(1);
      }
      held = [...held, { event, receivedMs, fromMs: Math.min(since, receivedMs - beforeMs) }];
    },
    due: (nowMs) => {
      const ready = held.filter((h, i) => nowMs - h.receivedMs >= holdMs || i < held.length - most.held);
      held = held.filter((h) => !ready.includes(h));
      return ready.map((h) => {
        const event = { ...h.event, connects: connectsOf(h) };
        count(event);
        return event;
      });
    },
    tallies: () =>
      [...tallies.values()]
        .map(({ event, failed, fromNodePort, ports }) => ({
          ...{ pod: event.pod, probe: event.probe, failed, fromNodePort },
          ports: [...ports].toSorted((a, b) => a - b),
        }))
        .toSorted((a, b) => b.failed - a.failed),
  };
};

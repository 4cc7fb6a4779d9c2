import type { FailureLine, ProxySync, SyncTimes } from '../../facts/kube-proxy/sync.ts';

/** kube-proxy's own /livez calls a change late after this time (twice its default syncPeriod of 30 s). */
const lateSeconds = 60;
/** Where /livez says that all is well, it may be configured to write seldom (minSyncPeriod): then later. */
const lateThoughWellSeconds = 300;
/** A first sync of many Services on a slow machine takes its time. */
const firstSyncSeconds = 180;
/** It tries again every 30 s: whoever failed twice and did so within this time fails still. */
const freshSeconds = 90;
/** Older lines say nothing of now. */
const logSeconds = 600;

/** How kube-proxy fares. */
export type SyncState =
  | { readonly kind: 'working'; readonly why: string }
  | { readonly kind: 'starting'; readonly seconds: number }
  | { readonly kind: 'unseen'; readonly why: string }
  | { readonly kind: 'hung'; readonly pid: number; readonly state: string }
  | {
      readonly kind: 'failing';
      /** Address families that fail; empty where that is not told. */
      readonly families: readonly string[];
      /** How long the newest change has waited; null where only the log or /livez tells of it. */
      readonly waitingSeconds: number | null;
      /** Since the last success; null: none since kube-proxy started, or not told. */
      readonly successSeconds: number | null;
      readonly lines: readonly FailureLine[];
    };

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));

/** Lines of the last ten minutes and of the kube-proxy that runs now, oldest first. */
const recent = ({ lines, nowMs, startedMs }: ProxySync): readonly FailureLine[] =>
  lines.filter(
    (l) => l.atMs <= nowMs + 5000 && nowMs - l.atMs <= logSeconds * 1000 && l.atMs >= (startedMs ?? l.atMs) - 1000,
  );

/** Failed, tried again at another time, failed again, a moment ago, and has not succeeded since. */
const failsByLog = (lines: readonly FailureLine[], sync: ProxySync): boolean => {
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last || last.atMs - first.atMs < 5000 || sync.nowMs - last.atMs > freshSeconds * 1000) return false;
  return !sync.times.some((t) => t.syncedMs !== null && t.syncedMs > last.atMs);
};

const pending = (t: SyncTimes): boolean => t.queuedMs !== null && (t.syncedMs === null || t.queuedMs > t.syncedMs);

/**
 * A state, not a delta (facts I): a change that has waited for longer than kube-proxy's own limit, /livez that says so, or a log that does.
 * That failures were counted once is not enough, nor that the last success is old: where nothing changes, there is nothing to write.
 */
export const syncState = (sync: ProxySync): SyncState => {
  const [process] = sync.processes;
  if (!process) return { kind: 'unseen', why: 'no kube-proxy was seen' };
  const stopped = sync.processes.length === 1 && /^[Tt]$/.test(process.state);
  const silent = sync.metricsAnswer === 'timed-out' && sync.health.answer === 'timed-out';
  if (stopped || silent) return { kind: 'hung', ...process };
  const lines = recent(sync);
  const waited = (t: SyncTimes): number => sync.nowMs - (t.queuedMs ?? sync.nowMs);
  const age = sync.startedMs === null ? null : seconds(sync.nowMs - sync.startedMs);
  const young = age !== null && age < firstSyncSeconds;
  const waiting = sync.times.filter(pending);
  const limit = sync.health.healthy === true ? lateThoughWellSeconds : lateSeconds;
  const late = waiting.filter((t) => waited(t) >= limit * 1000 && !(young && t.syncedMs === null));
  // that the first sync is late counts as start only as long as nothing says that it failed
  const sick = sync.health.healthy === false && !(young && waiting.some((t) => t.syncedMs === null));
  if (late.length > 0 || sick || failsByLog(lines, sync)) {
    const of = late.length > 0 ? late : waiting;
    const success = of.flatMap((t) => t.syncedMs ?? []);
    return {
      kind: 'failing',
      families: of.map((t) => t.family).filter((f) => f !== ''),
      waitingSeconds: of.length === 0 ? null : seconds(Math.max(...of.map(waited))),
      successSeconds: success.length === 0 ? null : seconds(sync.nowMs - Math.min(...success)),
      lines,
    };
  }
  if (young && waiting.some((t) => t.syncedMs === null)) return { kind: 'starting', seconds: age };
  if (sync.times.some((t) => t.syncedMs !== null)) {
    const total = sync.failures.reduce((n, f) => n + f.count, 0);
    const newest = Math.max(...sync.times.flatMap((t) => t.syncedMs ?? []));
    const [longest] = waiting.map(waited).sort((a, b) => b - a);
    const queue =
      longest === undefined
        ? 'no change waits'
        : `a change has waited for ${seconds(longest)} s (late from ${limit} s on)`;
    const past = total === 0 ? '' : `; ${total} failures since it started${longest === undefined ? ' are mended' : ''}`;
    return { kind: 'working', why: `it wrote its rules ${seconds(sync.nowMs - newest)} s ago, and ${queue}${past}` };
  }
  if (sync.health.healthy === true) return { kind: 'working', why: 'its /livez says that no change waits' };
  const how = sync.metricsAnswer === 'answered' ? 'say nothing of when it wrote its rules' : 'did not answer';
  return { kind: 'unseen', why: `its metrics at ${sync.metricsAddress} ${how}` };
};

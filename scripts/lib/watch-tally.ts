import type { WatchEvent } from '../../src/core/watch.ts';

/** What a watch told in all. */
export interface WatchTally {
  /** How it worked: `trace`, or `sample` or `none` and why; null where it did not begin. */
  readonly by: string | null;
  /** Drops that it counted, whoever's on the machine, by reason and function; the most frequent first. */
  readonly drops: readonly (readonly [what: string, count: number])[];
  /** By which devices they came or were to go, and how often that was told: "in veth1", "in eth0 from veth1". */
  readonly devices: readonly (readonly [passage: string, times: number])[];
  /** Connects that failed or whose SYN was sent again. */
  readonly connects: number;
  /** Events that the kernel's buffer had no room for. */
  readonly lost: number;
  /** Events that no line had room for. */
  readonly unlisted: number;
  /** Tracepoints that were looked at now and then only, each once. */
  readonly less: readonly string[];
}

/** Adds up what a watch told. */
export const watchTally = (events: readonly WatchEvent[]): WatchTally => {
  const counted = (kind: 'lost' | 'unlisted'): number =>
    events.reduce((n, e) => (e.kind === kind ? n + e.count : n), 0);
  const drops = new Map<string, number>();
  for (const e of events) {
    if (e.kind !== 'seen' || e.last.kind !== 'drop') continue;
    const what = [e.last.reason ?? 'no reason', ...(e.last.symbol === null ? [] : [`in ${e.last.symbol}`])].join(' ');
    drops.set(what, (drops.get(what) ?? 0) + e.count);
  }
  const devices = new Map<string, number>();
  for (const e of events) {
    if (e.kind !== 'device') continue;
    const { way, device, sender } = e.passage;
    const passage = `${way} ${device}${sender === null ? '' : ` from ${sender}`}`;
    devices.set(passage, (devices.get(passage) ?? 0) + 1);
  }
  const begin = events.find((e) => e.kind === 'begin');
  return {
    by: begin ? (begin.by === 'trace' ? 'trace' : `${begin.by}: ${begin.why}`) : null,
    drops: [...drops].sort((a, b) => b[1] - a[1]),
    devices: [...devices].sort((a, b) => b[1] - a[1]),
    connects: events.filter((e) => e.kind === 'connect').length,
    lost: counted('lost'),
    unlisted: counted('unlisted'),
    less: [...new Set(events.flatMap((e) => (e.kind === 'less' ? [e.of] : [])))],
  };
};

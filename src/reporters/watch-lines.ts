import type { Opener, Trace, WatchEnd, WatchEvent, WatchNames } from '../core/watch.ts';
import { printable } from '../lib/printable.ts';
import { probeText } from './probe-text.ts';
import { readyText } from './ready-text.ts';

/** For how long kinds of events are counted before a line tells them, in seconds. */
const gatherSeconds = 10;

/** Kinds that are told apart within that time; what is more is told as one. */
const kindLimit = 40;

const endText = ({ ip, port }: WatchEnd, names: WatchNames): string => {
  const pod = names.podAt(ip);
  const text = ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
  return pod === null ? text : `${pod} ${text}`;
};

const whoText = (opener: Opener | null, from: WatchEnd, names: WatchNames): string => {
  if (opener === null) return names.podAt(from.ip) ?? from.ip;
  const pod = names.podOf(opener) ?? names.podAt(from.ip);
  return pod === null ? opener.process : `${opener.process} of ${pod}`;
};

type Connect = Extract<WatchEvent, { kind: 'connect' }>;
const outcomes: Readonly<Record<Connect['outcome'], string>> = {
  refused: 'refused',
  'no-answer': 'given up without an answer',
  waiting: 'no answer yet, its SYN was sent again',
};

const connectText = (e: Connect | Extract<WatchEvent, { kind: 'socket' }>, names: WatchNames): string => {
  const service = names.serviceOf(e.source.port);
  const who = whoText(e.kind === 'connect' ? e.opener : null, e.source, names);
  const head = `${who} → ${endText(e.destination, names)} from port ${e.source.port}`;
  const port = service === null ? '' : `, the NodePort of ${service}`;
  const outcome = e.kind === 'connect' ? outcomes[e.outcome] : 'no answer yet';
  const [mirror] = e.mirrors;
  return `${head}${port}: ${outcome}${mirror ? `; its SYN-ACK went to ${endText(mirror.backend, names)}` : ''}`;
};

/** Both ends, without the port of the client's, which is another each time. */
const flowText = (source: WatchEnd, destination: WatchEnd, names: WatchNames): string => {
  const [from, to] = [endText(source, names), endText(destination, names)];
  const bare = (text: string): string => text.replace(/:\d+$/, '');
  return source.port > destination.port ? `${bare(from)} → ${to}` : `${from} → ${bare(to)}`;
};

const traceText = (t: Trace, names: WatchNames): string => {
  switch (t.kind) {
    case 'drop':
      return `${t.protocol} packets dropped: ${t.reason ?? 'no reason given'}${t.symbol === null ? '' : ` (${t.symbol})`}`;
    case 'udp-full':
      return `datagrams for ${t.ip === null ? `port ${t.port}` : endText({ ip: t.ip, port: t.port }, names)} dropped: the receive buffer is full`;
    case 'retransmit':
      return `segments sent again in ${t.state}, ${flowText(t.source, t.destination, names)}`;
    case 'synack-retransmit':
      return `SYN-ACKs sent again, ${flowText(t.source, t.destination, names)}`;
    case 'reset-received':
    case 'reset-sent':
      return `resets, ${flowText(t.source, t.destination, names)}`;
    case 'state':
      return `connects that failed, ${flowText(t.source, t.destination, names)}`;
  }
};

/** A connect whose answer went elsewhere, or may have, and what pods come to by it: each is told. */
const isVictim = (e: WatchEvent, names: WatchNames): boolean =>
  e.kind === 'ready' ||
  (e.kind === 'probe-failed' && e.connects.some((c) => c.taken || c.service !== null)) ||
  ((e.kind === 'connect' || e.kind === 'socket') && (e.mirrors.length > 0 || names.serviceOf(e.source.port) !== null));

/** The line of one event; null where it is none for people, or counts with others of its kind. */
const single = (e: WatchEvent, names: WatchNames): string | null => {
  switch (e.kind) {
    case 'connect':
    case 'socket':
      return connectText(e, names);
    case 'reset':
      return `${endText(e.source, names)} reset a connection of ${whoText(e.opener, e.destination, names)}, port ${e.destination.port}`;
    case 'waiting':
      return `${endText(e.listener, names)} turned connections away: ${e.connections} wait to be accepted (network namespace ${e.space})`;
    case 'probe-failed':
      return probeText(e);
    case 'ready':
      return readyText(e);
    case 'lost':
      return `${e.count} events came faster than the kernel could keep them, and are lost`;
    case 'less':
      // connects that only begin are no news
      return e.of === 'opened' ? null : `so many of ${e.of} that they are looked at for half a second in ten`;
    case 'begin':
      if (e.by === 'trace') return `watching ${e.tracepoints.join(', ')}`;
      return e.by === 'sample' ? `watching sockets and counters once a second: ${e.why}` : null;
    default:
      return null;
  }
};

const counted = (e: WatchEvent, names: WatchNames): readonly [text: string, count: number] | null => {
  switch (e.kind) {
    case 'seen':
      return [traceText(e.last, names), e.count];
    case 'counter':
      return [`${e.name} in network namespace ${e.space}`, e.count];
    case 'unlisted':
      return ['more that were not told', e.count];
    default:
      return null;
  }
};

/**
 * Turns what a watch tells into lines for people, each with the seconds since its beginning: single events as they come, the others by kind every
 * ten seconds and at the end, and so those that were like one before but for the client's port. Remembers what it has counted, so one is made for each watch.
 */
export const watchLines = (): ((events: readonly WatchEvent[], names: WatchNames) => readonly string[]) => {
  const counts = new Map<string, number>();
  const told = new Set<string>();
  let began: number | null = null;
  let since = 0;
  const flush = (at: number): string[] => {
    const lines = [...counts].toSorted((a, b) => b[1] - a[1]).map(([text, n]) => `${n} × ${text}`);
    counts.clear();
    told.clear();
    since = at;
    return lines;
  };
  return (events, names) =>
    events.flatMap((e) => {
      began ??= e.atSeconds;
      if (counts.size === 0 && told.size === 0) since = e.atSeconds;
      const whole = single(e, names);
      const alike = whole === null || isVictim(e, names) ? null : whole.replace(/(?: from|,) port \d+/, '');
      const again = alike !== null && told.has(alike);
      if (alike !== null && told.size < kindLimit) told.add(alike);
      const count = again ? ([alike, 1] as const) : counted(e, names);
      if (count) {
        const text = counts.has(count[0]) || counts.size < kindLimit ? count[0] : 'more of other kinds';
        counts.set(text, (counts.get(text) ?? 0) + count[1]);
      }
      const due = e.kind === 'end' || e.atSeconds - since >= gatherSeconds;
      const lines = [...(whole === null || again ? [] : [whole]), ...(due ? flush(e.atSeconds) : [])];
      const at = `+${Math.max(0, e.atSeconds - began).toFixed(1)} s`;
      return lines.map((l) => printable(`${at.padStart(9)}  ${l}`));
    });
};

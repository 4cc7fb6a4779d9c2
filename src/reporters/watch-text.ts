import type { Opener, Trace, WatchEnd, WatchEvent, WatchNames } from '../core/watch.ts';
import { counterWords } from './counter-words.ts';
import { dropWords } from './drop-words.ts';
import { probeTallyText } from './probe-tally-text.ts';
import { probeText } from './probe-text.ts';
import { readyText } from './ready-text.ts';
import { traceWords } from './trace-words.ts';

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
  refused: 'refused, nobody listens there or a rule rejects it',
  'no-answer': 'given up without an answer',
  waiting: 'no answer yet, its SYN was sent again',
};

/** A rule with REJECT drops the packet that it answers. */
const isRejected = ({ outcome, fell }: Connect): boolean => outcome === 'refused' && fell?.reason === 'NETFILTER_DROP';

const outcomeText = (e: Connect): string =>
  isRejected(e) ? 'refused, probably by a rule of this node (see firewall/drops)' : outcomes[e.outcome];

const fellText = (e: Connect): string => {
  const { fell } = e;
  if (fell === null) return '';
  // the rule that the outcome tells of
  if (isRejected(e)) return '';
  const words = dropWords(fell);
  const what = fell.reason ?? fell.symbol ?? 'no reason given';
  return `; probably dropped on this node as it began: ${what}${words?.see ? ` (see ${words.see})` : ''}`;
};

const connectText = (e: Connect | Extract<WatchEvent, { kind: 'socket' }>, names: WatchNames): string => {
  const service = names.serviceOf(e.source.port);
  const who = whoText(e.kind === 'connect' ? e.opener : null, e.source, names);
  const head = `${who} → ${endText(e.destination, names)} from port ${e.source.port}`;
  const port = service === null ? '' : `, the NodePort of ${service}`;
  const outcome = e.kind === 'connect' ? outcomeText(e) : 'no answer yet';
  const [mirror] = e.mirrors;
  const end = mirror
    ? `; its SYN-ACK went to ${endText(mirror.backend, names)}`
    : e.kind === 'connect'
      ? fellText(e)
      : '';
  return `${head}${port}: ${outcome}${end}`;
};

/** Both ends, without the port of the client's, which is another each time. */
const flowText = (source: WatchEnd, destination: WatchEnd, names: WatchNames): string => {
  const [from, to] = [endText(source, names), endText(destination, names)];
  const bare = (text: string): string => text.replace(/:\d+$/, '');
  return source.port > destination.port ? `${bare(from)} → ${to}` : `${from} → ${bare(to)}`;
};

const bareTraceText = (t: Trace, names: WatchNames): string => {
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

const traceText = (t: Trace, names: WatchNames): string => {
  const words = traceWords(t);
  if (!words) return bareTraceText(t, names);
  return `${bareTraceText(t, names)}; ${words.probably}${words.see === null ? '' : ` (see ${words.see})`}`;
};

/** Where packets that were dropped came from or went to, as far as samples of them say. */
const deviceText = ({ drop, passage }: Extract<WatchEvent, { kind: 'device' }>, names: WatchNames): string => {
  const { way, device, sender, port } = passage;
  const pod = names.podBy(passage);
  // a loopback device is both
  const by = [...new Set([sender, port, device])].filter((name) => name !== null).join(', then ');
  const where = pod
    ? `${pod.way} ${pod.owner} by ${pod.veth}`
    : `${way === 'in' ? 'came in' : 'on their way out'} by ${by}`;
  return `${bareTraceText(drop, names)}: ${where}`;
};

const waitingText = ({ listener, space, connections }: Extract<WatchEvent, { kind: 'waiting' }>, names: WatchNames) => {
  const pod = names.podAt(listener.ip);
  const owner = names.spaceOf(space) ?? `network namespace ${space}`;
  const whose = owner === `pod ${pod}` ? '' : ` (${owner})`;
  return `${endText(listener, names)} turned connections away: ${connections} wait to be accepted${whose}`;
};

/** A connect whose answer went elsewhere, or may have, and what pods come to by it: each is told. */
const isVictim = (e: WatchEvent, names: WatchNames): boolean =>
  e.kind === 'ready' ||
  e.kind === 'probe-tally' ||
  (e.kind === 'probe-failed' && e.connects.some((c) => c.taken || c.service !== null)) ||
  ((e.kind === 'connect' || e.kind === 'socket') && (e.mirrors.length > 0 || names.serviceOf(e.source.port) !== null));

/** The line of one event; null where it is none for people, or counts with others of its kind. */
const single = (e: WatchEvent, names: WatchNames): string | null => {
  switch (e.kind) {
    case 'connect':
    case 'socket':
      return connectText(e, names);
    case 'reset':
      return `${endText(e.source, names)} reset a connection of ${whoText(e.opener, e.destination, names)}, port ${e.destination.port}; it gave it up or has forgotten it`;
    case 'waiting':
      return waitingText(e, names);
    case 'device':
      return `${deviceText(e, names)} (${e.count} of ${e.sampled} samples)`;
    case 'probe-failed':
      return probeText(e);
    case 'probe-tally':
      return probeTallyText(e);
    case 'ready':
      return readyText(e);
    case 'lost':
      return `${e.count} events came faster than the kernel could keep them, and are lost`;
    case 'less':
      // connects that only begin are no news
      if (e.of === 'opened') return null;
      return e.of === 'idle'
        ? 'so many packets dropped that nobody waits for, mostly no fault, that these are looked at for half a second in ten'
        : `so many of ${e.of} that they are looked at for half a second in ten`;
    case 'begin':
      if (e.by === 'trace') return `watching ${e.tracepoints.join(', ')}`;
      return e.by === 'sample' ? `watching sockets and counters once a second: ${e.why}` : null;
    default:
      return null;
  }
};

const isHarmless = (t: Trace): boolean => t.kind === 'drop' && dropWords(t)?.harmless === true;

const counted = (e: WatchEvent, names: WatchNames): readonly [text: string, count: number] | null => {
  switch (e.kind) {
    case 'seen':
      return [
        isHarmless(e.last)
          ? 'drops that are mostly no fault: nobody waits for the packets, or the kernel does not say why'
          : traceText(e.last, names),
        e.count,
      ];
    case 'counter':
      return [counterWords(e.name, e.space, names.spaceOf(e.space), names.strictIn(e.space)), e.count];
    case 'unlisted':
      return ['more that were not told', e.count];
    default:
      return null;
  }
};

/** The line without what is another each time: the client's port, how often a probe failed, how many samples say so, for how long a pod was away. */
const alikeOf = (e: WatchEvent, line: string | null, names: WatchNames): string | null => {
  if (e.kind === 'probe-failed') {
    const from = e.connects.some((c) => c.service !== null) ? '; from a NodePort' : '';
    const taken = e.connects.some((c) => c.taken) ? '; its SYN-ACK went elsewhere' : '';
    return `${probeText({ ...e, count: 1, connects: [] })}${from}${taken}`;
  }
  if (e.kind === 'device') return `${deviceText(e, names)} (samples)`;
  if (e.kind === 'ready') return line?.replace(/ after \S+ s/, '') ?? null;
  return line?.replace(/(?: from|,) port \d+/, '') ?? null;
};

/** What people are told of an event. Not yet harmless: names in it were chosen by others. */
interface WatchText {
  /** A line of its own; null where it has none. */
  readonly line: string | null;
  /** The same without what is another each time (the client's port): of what kind it is, and how many it tells of; null where it has no line. */
  readonly alike: readonly [kind: string, count: number] | null;
  /** A connect whose answer went elsewhere, or may have. */
  readonly victim: boolean;
  /** Of what kind it is, and how many, where it only counts. */
  readonly counted: readonly [kind: string, count: number] | null;
}

/** What people are told of an event: a line of its own, or that it counts with others of its kind, or neither. */
export const watchText = (e: WatchEvent, names: WatchNames): WatchText => {
  const line = single(e, names);
  const alike = alikeOf(e, line, names);
  return {
    ...{ line, alike: alike === null ? null : [alike, e.kind === 'probe-failed' || e.kind === 'device' ? e.count : 1] },
    ...{ victim: isVictim(e, names), counted: counted(e, names) },
  };
};

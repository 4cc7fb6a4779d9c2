import type { Drop, Mirror, Opener, Passage, WatchEnd, WatchEvent } from '../core/watch.ts';
import { ip } from './ip.ts';
import { parseIpVsConnRow } from './ip-vs-conn.ts';
import { parseConntrackRow } from './nf-conntrack.ts';
import { parseOwner } from './owners.ts';
import { parseSocketRow } from './proc-net-sockets.ts';
import { parseTraceLine } from './trace-line.ts';

/** What the lines of one frame say together. */
interface Context {
  readonly owners: ReadonlyMap<string, Opener>;
  readonly mirrors: readonly Mirror[];
  readonly tracked: ReadonlyMap<string, string>;
  readonly fallen: ReadonlyMap<string, Drop>;
  readonly atSeconds: number;
  readonly littleEndian: boolean;
}

const same = (a: WatchEnd, b: WatchEnd): boolean => a.ip === b.ip && a.port === b.port;
const pair = (a: WatchEnd, b: WatchEnd): string => `${a.ip} ${a.port} ${b.ip} ${b.port}`;
const way = (from: string, to: WatchEnd): string => `${from} ${to.ip} ${to.port}`;
const numberOf = (text: string | undefined): number | null => (/^\d{1,12}$/.test(text ?? '') ? Number(text) : null);

const openerOf = (thread: string, name: string, { owners }: Context): Opener | null => {
  const id = numberOf(thread);
  if (id === null) return null;
  const nothing = { containerId: null, podUid: null, unit: null };
  return owners.get(thread) ?? { thread: id, pid: null, process: name, ...nothing };
};

const mirrorsOf = (source: WatchEnd, destination: WatchEnd, { mirrors }: Context): Mirror[] =>
  mirrors.filter((m) => same(m.client, destination) && same(m.virtual, source));

const oneOf = (fields: readonly string[], context: Context): WatchEvent | null => {
  const [cause, thread = '', name = '', line = ''] = fields;
  const traced = parseTraceLine(line);
  if (!traced || (cause !== 'refused' && cause !== '-')) return null;
  const { trace, atSeconds } = traced;
  const opener = openerOf(thread, name, context);
  if (trace.kind === 'reset-received')
    return { kind: 'reset', atSeconds, source: trace.source, destination: trace.destination, opener };
  const failed = trace.kind === 'state' && trace.from === 'SYN_SENT' && trace.to === 'CLOSE';
  const again = trace.kind === 'retransmit' && trace.state === 'SYN_SENT';
  if (!failed && !again) return null;
  const { source, destination } = trace;
  return {
    ...{ kind: 'connect', atSeconds, source, destination, opener },
    outcome: again ? 'waiting' : cause === 'refused' ? 'refused' : 'no-answer',
    mirrors: mirrorsOf(source, destination, context),
    tracked: context.tracked.get(pair(source, destination)) ?? null,
    fell: context.fallen.get(way(source.ip, destination)) ?? null,
  };
};

/** No space can be in a device's name, and what is not ASCII comes as `?`. */
const deviceName = /^[!-~]{1,15}$/;

const passageOf = ([way, device = '', sender = '', port = '']: readonly string[]): Passage | null => {
  const named = (name: string): string | null => (name === '-' ? null : name);
  return (way === 'in' || way === 'out') && [device, sender, port].every((name) => deviceName.test(name))
    ? { way, device, sender: named(sender), port: named(port) }
    : null;
};

const eventOf = (line: string, context: Context): WatchEvent | null => {
  const [tag, ...fields] = line.split('\t');
  const [first = '', second = '', third = ''] = fields;
  const { atSeconds, littleEndian } = context;
  const count = numberOf(first);
  switch (tag) {
    case 'mode':
      if (first === 'trace') return { kind: 'begin', by: 'trace', tracepoints: second.split(','), atSeconds };
      return first === 'sample' || first === 'none' ? { kind: 'begin', by: first, why: second, atSeconds } : null;
    case 'ev':
      return oneOf(fields, context);
    case 'sum': {
      const traced = parseTraceLine(second);
      return traced && count !== null ? { kind: 'seen', count, last: traced.trace, atSeconds } : null;
    }
    case 'dev': {
      const [sampled, passage] = [numberOf(second), passageOf(fields.slice(2, 6))];
      const drop = parseTraceLine(fields[6] ?? '')?.trace;
      return count !== null && sampled !== null && passage && drop?.kind === 'drop'
        ? { kind: 'device', count, sampled, passage, drop, atSeconds }
        : null;
    }
    case 'syn': {
      const row = parseSocketRow(first, littleEndian);
      if (!row) return null;
      const [source, destination] = [row.local, row.remote];
      return { kind: 'socket', source, destination, mirrors: mirrorsOf(source, destination, context), atSeconds };
    }
    case 'cnt': {
      const moved = numberOf(third);
      return /^\d+$/.test(first) && /^[A-Za-z0-9]+$/.test(second) && moved !== null
        ? { kind: 'counter', space: first, name: second, count: moved, atSeconds }
        : null;
    }
    case 'full': {
      const row = parseSocketRow(second, littleEndian);
      // the receive queue of a listener counts the connections that wait to be accepted
      const queue = /^\s*\S+ \S+ \S+ \S+ [0-9A-Fa-f]{8}:([0-9A-Fa-f]{8}) /.exec(second)?.[1];
      if (!row || !queue || !/^\d+$/.test(first)) return null;
      const connections = Number.parseInt(queue, 16);
      return { kind: 'waiting', space: first, listener: row.local, connections, atSeconds };
    }
    case 'more':
    case 'lost':
      return count === null ? null : { kind: tag === 'lost' ? 'lost' : 'unlisted', count, atSeconds };
    case 'off':
    case 'on':
      return /^[a-z_]+$/.test(first) ? { kind: tag === 'off' ? 'less' : 'all', of: first, atSeconds } : null;
    case 'end':
      return { kind: 'end', why: first, atSeconds };
    default:
      return null;
  }
};

/**
 * Understands a frame of the watch (transports/watch/reduce.ts says what is in one), `atSeconds` by the node's clock. Connects are joined with what
 * came in the same frame: who opened them, IPVS connections the other way round, conntrack, what was dropped beside them. Lines that are none of these are passed over.
 */
export const parseWatchFrame = (text: string, atSeconds: number, littleEndian: boolean): WatchEvent[] => {
  const lines = text.split('\n');
  const rest = (tag: string): string[] =>
    lines.filter((l) => l.startsWith(`${tag}\t`)).map((l) => l.slice(tag.length + 1));
  const owners = lines.flatMap((l): [string, Opener][] => {
    const row = parseOwner(l);
    if (!row) return [];
    const { inode: thread, ...owner } = row;
    return [[thread, { thread: Number(thread), ...owner }]];
  });
  const mirrors = rest('ipvs').flatMap((l) => {
    const row = parseIpVsConnRow(l);
    return row?.protocol === 'TCP'
      ? [{ client: row.client, virtual: row.virtual, backend: row.backend, state: row.state }]
      : [];
  });
  const tracked = rest('flow').flatMap((l): [string, string][] => {
    const row = parseConntrackRow(l);
    return row ? [[pair(row.original.source, row.original.destination), row.state]] : [];
  });
  const fallen = rest('fell').flatMap((l): [string, Drop][] => {
    const [key = '', line = ''] = l.split('\t');
    const [from = '', to = '', port = ''] = key.split(' ');
    const [source, target, trace] = [ip(from), ip(to), parseTraceLine(line)?.trace];
    return source !== null && target !== null && trace?.kind === 'drop'
      ? [[way(source, { ip: target, port: Number(port) }), trace]]
      : [];
  });
  const context = {
    ...{ owners: new Map(owners), mirrors, tracked: new Map(tracked), fallen: new Map(fallen) },
    ...{ atSeconds, littleEndian },
  };
  return lines.flatMap((l) => eventOf(l, context) ?? []);
};

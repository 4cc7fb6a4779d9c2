import type { Handshakes, HangingHandshake } from '../../facts/ipvs/handshakes.ts';

/** Hanging handshakes on one way: from this node or from others, to one virtual server, by one backend. */
export interface HandshakeGroup {
  readonly first: HangingHandshake;
  readonly count: number;
  /** Whether the source of `first` is rewritten on its way; null where conntrack could not be read. */
  readonly masqueraded: boolean | null;
  /** Seconds since the last SYN of any of them. */
  readonly quietSeconds: number;
  /** One ended well later than that SYN: the way is open again. */
  readonly open: boolean;
}

/** A connect sends its SYN again after 1, 2, 4, 8, 16 and 32 s; behind a longer silence nobody waits any more. */
const retrySeconds = 35;

/** The groups in which somebody still waits. */
export const handshakeGroups = ({ hanging, through }: Handshakes): HandshakeGroup[] => {
  const groups = new Map<string, [HangingHandshake, ...HangingHandshake[]]>();
  for (const h of hanging) {
    const key = `${h.local} ${h.virtual.ip} ${h.virtual.port} ${h.backend.ip} ${h.backend.port}`;
    const group = groups.get(key);
    if (group) group.push(h);
    else groups.set(key, [h]);
  }
  return [...groups.values()].flatMap((all) => {
    const [first] = all;
    const quietSeconds = Math.min(...all.map((h) => h.quietSeconds));
    if (quietSeconds > retrySeconds) return [];
    const same = (t: Handshakes['through'][number]): boolean =>
      t.local === first.local &&
      t.virtual.ip === first.virtual.ip &&
      t.virtual.port === first.virtual.port &&
      t.backend.ip === first.backend.ip &&
      t.backend.port === first.backend.port;
    const open = through.some((t) => same(t) && t.quietSeconds < quietSeconds);
    const told = all.find((h) => h.replyTo === h.client.ip) ?? all.find((h) => h.replyTo !== null) ?? first;
    const masqueraded = told.replyTo === null ? null : told.replyTo !== told.client.ip;
    return [{ first: told, count: all.length, masqueraded, quietSeconds, open }];
  });
};

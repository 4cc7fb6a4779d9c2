import type { WatchEvent } from '../core/watch.ts';
import type { IpvsConnection, LocalTuple, Suspects } from '../facts/ipvs/suspects.ts';
import type { Owner } from '../facts/sockets/owner.ts';

/**
 * What a watch saw of connects whose answer IPVS took, in the shape of the fact ipvs/suspects: ports/nodeport-victims joins both with NodePorts
 * and pods alike. A connect without an IPVS connection the other way round is none.
 */
export const watchedSuspects = (events: readonly WatchEvent[]): Suspects => {
  const found = events.flatMap((e) =>
    (e.kind === 'connect' && e.outcome !== 'refused') || e.kind === 'socket' ? (e.mirrors.length > 0 ? [e] : []) : [],
  );
  const tuples = new Map<string, LocalTuple>();
  for (const e of found) {
    const key = `${e.source.ip} ${e.source.port} ${e.destination.ip} ${e.destination.port}`;
    const opener = e.kind === 'connect' ? e.opener : null;
    let owner: Owner | null = null;
    if (opener) {
      const { thread, pid, ...rest } = opener;
      // the first thread of a process has its number
      owner = { pid: pid ?? thread, ...rest };
    }
    tuples.set(key, {
      ...{ protocol: 'TCP', source: e.source, destination: e.destination, state: 'SYN_SENT' },
      seenIn: e.kind === 'connect' ? 'trace' : 'socket',
      owner: owner ?? tuples.get(key)?.owner ?? null,
      ageSeconds: null,
    });
  }
  const connections = found.flatMap((e) => e.mirrors.map((m): IpvsConnection => ({ protocol: 'TCP', ...m })));
  const servers = connections.map((c) => ({ protocol: 'TCP', end: c.virtual }));
  return { tuples: [...tuples.values()], connections, servers };
};

import type { Reading } from '../../core/gap.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { Owner } from '../../facts/sockets/owner.ts';
import type { DestinationUse, PortUse, SourceUse } from '../../facts/sockets/port-use.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { type PortSupply, portSupply } from './port-supply.ts';

/** Source ports of which more than the given share is taken. */
export interface Crowd {
  /** Per destination; per source address, by sockets that bind before they connect; or UDP, which gives each socket a port of its own. */
  readonly kind: 'destination' | 'source' | 'udp';
  readonly space: string;
  readonly source: string | null;
  readonly destination: DestinationUse['destination'] | null;
  /** Ports that cannot be had. */
  readonly taken: number;
  readonly timeWait: number;
  readonly supply: PortSupply;
  readonly owner: Owner | null;
}

const isLoopback = (ip: string): boolean => ip.startsWith('127.') || ip === '::1';

/** What connect() cannot have: TIME_WAIT sockets count only where it does not take them over (facts E). */
const takenOf = (d: DestinationUse, reuse: PortSupply['reuse']): number =>
  reuse === 'all' || (reuse === 'loopback' && (isLoopback(d.source) || isLoopback(d.destination.ip)))
    ? d.ports - d.timeWait
    : d.ports;

/**
 * connect() shares ports between destinations, bind() before it does not: then each socket has a port of its own. That shows where enough sockets go
 * elsewhere than to the largest destination, whose own ports differ anyway.
 */
const bindsFirst = (s: SourceUse, largest: number, supply: PortSupply): boolean => {
  const rest = s.sockets - largest;
  return rest >= supply.count / 10 && s.sockets - s.ports <= rest / 100;
};

/** What {@link crowded} finds. */
export interface Crowds {
  /** The fullest first. */
  readonly crowds: readonly Crowd[];
  /** Namespaces with so few ports that the collector, which tells the largest numbers only, may have left such a crowd out. */
  readonly unseen: readonly Space[];
  /** Namespaces with sockets whose range is the kernel's default by assumption only. */
  readonly assumed: readonly Space[];
}

/** Where at least this share of the source ports is taken. */
export const crowded = (
  use: PortUse,
  spaces: readonly Space[],
  pods: Reading<readonly Pod[]>,
  share: number,
): Crowds => {
  const supplies = new Map<string, PortSupply>();
  const supplyOf = (id: string): PortSupply => {
    const known = supplies.get(id);
    if (known) return known;
    const space = spaces.find((s) => s.id === id);
    const found = portSupply(space, id, use, pods);
    supplies.set(id, found);
    return found;
  };
  const destinations = use.destinations.map((d): Crowd => {
    const supply = supplyOf(d.space);
    const taken = takenOf(d, supply.reuse);
    return { ...d, kind: 'destination', taken, timeWait: d.timeWait - (d.ports - taken), supply };
  });
  const full = (c: Crowd): boolean => c.taken >= c.supply.count * share;
  const sources = use.sources.flatMap((s): Crowd[] => {
    const supply = supplyOf(s.space);
    const same = destinations.filter((d) => d.space === s.space && d.source === s.source);
    const largest = Math.max(
      0,
      ...use.destinations.filter((d) => d.space === s.space && d.source === s.source).map((d) => d.ports),
    );
    return same.some(full) || !bindsFirst(s, largest, supply)
      ? []
      : [{ ...s, kind: 'source', destination: null, taken: s.ports, supply }];
  });
  const datagrams = use.datagrams.map(
    (u): Crowd => ({
      kind: 'udp',
      space: u.space,
      source: null,
      destination: null,
      taken: u.ports,
      timeWait: 0,
      supply: supplyOf(u.space),
      owner: null,
    }),
  );
  return {
    crowds: [...destinations, ...sources, ...datagrams]
      .filter(full)
      .sort((a, b) => b.taken / b.supply.count - a.taken / a.supply.count),
    unseen: spaces.filter((s) => supplyOf(s.id).count * share <= use.leftOut),
    assumed: spaces.filter((s) =>
      [...destinations, ...datagrams].some((c) => c.space === s.id && c.supply.by === 'default'),
    ),
  };
};

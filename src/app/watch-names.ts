import { podOf } from '../checks/pod-of.ts';
import { spaceText } from '../checks/space-text.ts';
import type { Lookup } from '../core/facts-table.ts';
import { type PodPassage, podKey, type WatchNames } from '../core/watch.ts';
import { reversePathFilter } from '../facts/kernel/reverse-path-filter.ts';
import { mtus, type PodLink } from '../facts/network/mtus.ts';
import { spaces } from '../facts/network/spaces.ts';
import { backends } from '../facts/services/backends.ts';
import { nodePorts } from '../facts/services/node-ports.ts';
import { type Pod, pods } from '../facts/workloads/pods.ts';
import { madeOf } from '../lib/made-of.ts';
import { withLearnt } from './with-learnt.ts';

/**
 * What the cluster calls ports, addresses and processes, by the facts of the run before the watch and the pods that came since (`learnt`, which tells them
 * all each time): an address is of the pod that had it last.
 */
export const watchNames = (lookup: Lookup, learnt: () => readonly Pod[] = () => []): WatchNames => {
  const [ports, targets, read, space] = [lookup(nodePorts), lookup(backends), lookup(pods), lookup(spaces)];
  const [filter, links] = [lookup(reversePathFilter), lookup(mtus)];
  const all = madeOf(learnt, (more) => withLearnt(read, more));
  const serviceBy = new Map(
    ports.ok
      ? ports.value.flatMap((p): [number, string][] =>
          p.protocol === 'TCP' && p.kind === 'nodePort' ? [[p.port, p.service ?? 'a Service']] : [],
        )
      : [],
  );
  const addressesOf = (some: readonly Pod[]): [ip: string, pod: string][] =>
    some.flatMap((p) => (p.hostNetwork ? [] : p.ips.map((ip): [string, string] => [ip, podKey(p)])));
  const podBy = new Map([
    ...(read.ok ? addressesOf(read.value) : []),
    ...(targets.ok ? targets.value.flatMap((b): [string, string][] => (b.pod === null ? [] : [[b.ip, b.pod]])) : []),
  ]);
  const since = madeOf(learnt, (more) => new Map(addressesOf(more)));
  const spaceBy = (id: string) => (space.ok ? space.value.find((s) => s.id === id) : undefined);
  const ownerOf = (id: string): string | null => {
    const of = spaceBy(id);
    return of ? spaceText(of, all()) : null;
  };
  return {
    serviceOf: (port) => serviceBy.get(port) ?? null,
    podAt: (ip) => since().get(ip) ?? podBy.get(ip) ?? null,
    podOf: (opener) => podOf(opener, all()),
    spaceOf: ownerOf,
    strictIn: (id) =>
      filter.ok && spaceBy(id)?.host === true
        ? filter.value.interfaces.filter((i) => i.effective === 1).map((i) => i.name)
        : [],
    podBy: ({ way, device, sender, port }) => {
      if (!links.ok) return null;
      // all that is known must fit one pair: a pod gives its own devices what names it likes
      const wayOf = ({ device: inner, peer: { name: veth }, bridge }: PodLink): PodPassage['way'] | null => {
        if (way === 'out') return device === veth ? 'into' : null;
        if (port === null && sender === veth && device === inner) return 'into';
        const came = port === null ? device === veth : port === veth && device === bridge?.name;
        return came && (sender === null || sender === inner) ? 'from' : null;
      };
      for (const link of links.value.pods) {
        const [to, owner] = [wayOf(link), ownerOf(link.space)];
        if (to !== null && owner !== null) return { way: to, owner, veth: link.peer.name };
      }
      return null;
    },
  };
};

import { podOf } from '../checks/pod-of.ts';
import { spaceText } from '../checks/space-text.ts';
import type { Lookup } from '../core/facts-table.ts';
import type { WatchNames } from '../core/watch.ts';
import { reversePathFilter } from '../facts/kernel/reverse-path-filter.ts';
import { spaces } from '../facts/network/spaces.ts';
import { backends } from '../facts/services/backends.ts';
import { nodePorts } from '../facts/services/node-ports.ts';
import { pods } from '../facts/workloads/pods.ts';

/** What the cluster calls ports, addresses and processes, by the facts of the run before the watch. */
export const watchNames = (lookup: Lookup): WatchNames => {
  const [ports, targets, all, known] = [lookup(nodePorts), lookup(backends), lookup(pods), lookup(spaces)];
  const filter = lookup(reversePathFilter);
  const serviceBy = new Map(
    ports.ok
      ? ports.value.flatMap((p): [number, string][] =>
          p.protocol === 'TCP' && p.kind === 'nodePort' ? [[p.port, p.service ?? 'a Service']] : [],
        )
      : [],
  );
  const podBy = new Map<string, string>();
  if (all.ok)
    for (const p of all.value) if (!p.hostNetwork) for (const ip of p.ips) podBy.set(ip, `${p.namespace}/${p.name}`);
  if (targets.ok) for (const b of targets.value) if (b.pod !== null) podBy.set(b.ip, b.pod);
  const spaceBy = (id: string) => (known.ok ? known.value.find((s) => s.id === id) : undefined);
  return {
    serviceOf: (port) => serviceBy.get(port) ?? null,
    podAt: (ip) => podBy.get(ip) ?? null,
    podOf: (opener) => podOf(opener, all),
    spaceOf: (id) => {
      const space = spaceBy(id);
      return space ? spaceText(space, all) : null;
    },
    strictIn: (id) =>
      filter.ok && spaceBy(id)?.host === true
        ? filter.value.interfaces.filter((i) => i.effective === 1).map((i) => i.name)
        : [],
  };
};

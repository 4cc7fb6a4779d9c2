import { podOf } from '../checks/pod-of.ts';
import type { Reading } from '../core/gap.ts';
import { type Opener, type PodName, podKey, type Trace, type WatchEnd, type WatchEvent } from '../core/watch.ts';
import type { Space } from '../facts/network/spaces.ts';
import type { Pod } from '../facts/workloads/pods.ts';

/**
 * Which events of a watch concern the chosen pods: what comes from or goes to an address of theirs, what their processes opened, and what their network
 * namespaces count. A pod with hostNetwork shares its address and counters: there an end is its own by a port that it declares. What names neither
 * address nor pod (drops and their devices, how the watch goes) concerns all, and so does everything where the API or the namespaces could not be read, since that says
 * nothing of whose it is. A pod that is made during the watch is one of them if it has a chosen name, and `pods` holds it.
 */
export const concerns = (
  chosen: readonly PodName[],
  pods: Reading<readonly Pod[]>,
  spaces: Reading<readonly Space[]>,
): ((e: WatchEvent) => boolean) => {
  const keys = new Set(chosen.map(podKey));
  const theirs = pods.ok ? pods.value.filter((p) => keys.has(podKey(p))) : [];
  const own = new Set(theirs.flatMap((p) => (p.hostNetwork ? [] : p.ips)));
  const shared = theirs.filter((p) => p.hostNetwork);
  const known = new Map(spaces.ok ? spaces.value.map((s) => [s.id, s] as const) : []);

  const end = ({ ip, port }: WatchEnd): boolean =>
    !pods.ok ||
    own.has(ip) ||
    shared.some((p) => p.ips.includes(ip) && p.ports.some((d) => d.port === port || d.hostPort === port));
  const opened = (opener: Opener | null): boolean => keys.has(podOf(opener, pods) ?? '');
  const inSpace = (id: string): boolean => {
    const space = known.get(id);
    if (!pods.ok || !spaces.ok) return true;
    if (space?.host) return shared.length > 0;
    return keys.has(podOf(space ?? null, pods) ?? '');
  };
  const traced = (t: Trace): boolean => {
    if (t.kind === 'drop') return true;
    if (t.kind !== 'udp-full') return end(t.source) || end(t.destination);
    return t.ip === null || end({ ip: t.ip, port: t.port }) || (t.source !== null && end(t.source));
  };

  return (e) => {
    switch (e.kind) {
      case 'connect':
      case 'socket': {
        const took = e.mirrors.some((m) => end(m.backend));
        return end(e.source) || end(e.destination) || took || (e.kind === 'connect' && opened(e.opener));
      }
      case 'reset':
        return end(e.source) || end(e.destination) || opened(e.opener);
      case 'seen':
        return traced(e.last);
      case 'counter':
        return inSpace(e.space);
      case 'waiting':
        return inSpace(e.space) || end(e.listener);
      case 'probe-failed':
      case 'probe-tally':
      case 'ready':
        return keys.has(podKey(e.pod));
      case 'device':
      case 'unlisted':
      case 'lost':
      case 'less':
      case 'all':
      case 'begin':
      case 'end':
        return true;
    }
  };
};

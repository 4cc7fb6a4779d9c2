import type { Remedy } from '../../core/check.ts';
import type { ConntrackLimits } from '../../facts/conntrack/limits.ts';

const hashSize = '/sys/module/nf_conntrack/parameters/hashsize';

/** Twice the present limit, or twice what is there, and buckets for it: at most four entries to each (as kube-proxy does, facts B.2). */
export const tableRemedy = ({ max, buckets }: ConntrackLimits, entries: number, over: boolean): Remedy => {
  if (over)
    return {
      say: 'Find out when: save a bundle now (--save), and later compare with it (--since).',
      risk: 'none',
    };
  const wanted = 2 * Math.max(max, entries);
  const more = buckets !== null && buckets < wanted / 4;
  return {
    say: 'Raise the limit. In the long run find out who makes so many connections, or short-lived ones without end, and shorten their time-outs.',
    now: [
      `sysctl -w net.netfilter.nf_conntrack_max=${wanted}`,
      ...(more ? [`echo ${Math.ceil(wanted / 4)} >${hashSize}`] : []),
    ],
    persist: {
      file: '/etc/sysctl.d/99-z-netdoctor-conntrack.conf',
      content: `net.netfilter.nf_conntrack_max = ${wanted}\n`,
    },
    risk: 'none',
    covers: `An entry takes about 320 bytes of kernel memory, so up to ${Math.ceil((wanted * 320) / 1_048_576)} MiB for each network namespace that fills its table. kube-proxy raises the limit by itself when it starts (conntrack.maxPerCore and conntrack.min), and never lowers it. The number is the kernel's: it can be set in the node's own network namespace only, not in a pod.`,
  };
};

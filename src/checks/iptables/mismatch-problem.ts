import type { Evidence, Problem } from '../../core/check.ts';
import type { Backend, UnreadSet } from '../../facts/iptables/rules.ts';
import type { IptablesTools } from '../../facts/iptables/tools.ts';
import type { KubeProxyProcess } from '../../facts/kube-proxy/process.ts';
import { restartProxy } from '../kube-proxy/restart-proxy.ts';
import { backendName } from './backend-name.ts';
import type { Side } from './sides.ts';
import { versionBefore } from './version-before.ts';

/** What else is known of the two. */
interface Around {
  /** kube-proxy with its pid, version and iptables. */
  readonly words: string;
  readonly host: IptablesTools['host'];
  readonly proxy: IptablesTools['proxy'];
  readonly process: KubeProxyProcess | null;
  readonly unread: readonly UnreadSet[];
}

const filledWords = (side: Side, unread: readonly UnreadSet[]): string =>
  unread.some((u) => u.backend === side.backend)
    ? `${side.backend} could not be read`
    : `${side.services} in ${side.backend}`;

/** kubelet in one backend only, kube-proxy (`live`) in the other; null where they agree, or kubelet has no chains. */
export const mismatchProblem = (both: readonly [Side, Side], live: Backend, around: Around): Problem | null => {
  const [own, other] = both[0].backend === live ? both : [both[1], both[0]];
  if (other.kubelet === null || own.kubelet !== null) return null;
  const { host, proxy, process, words, unread } = around;
  // the chain came with kube-proxy 1.26
  const newer = own.sets.some((s) => s.chains.some((c) => c.name === 'KUBE-PROXY-FIREWALL'));
  const before = versionBefore(process?.version ?? null, 25) ?? (newer ? false : null);
  const works = before === false && own.services > 0;
  const [set] = other.sets;
  const evidence: Evidence[] = [
    ...(host ? [{ source: 'iptables -V', text: host.text }] : []),
    ...(proxy && process
      ? [{ source: `readlink -f /proc/${process.pid}/root${proxy.path}`, text: proxy.file }]
      : own.sets
          .slice(0, 1)
          .map((s) => ({ source: s.tool, text: `KUBE-SERVICES: ${s.destinations.length} addresses` }))),
  ];
  const gate = works
    ? 'kube-proxy as of 1.25 needs no chain of kubelet, so Services may work all the same; but packets pass both systems, and what one accepts the other may still drop.'
    : `kube-proxy before 1.25 loads no rules at all where KUBE-MARK-DROP, which kubelet makes, is missing in its own backend${before === null ? ' (which version runs here is not known)' : before ? '' : '; this one is newer, and yet has no rules for Services'}.`;
  const restart = restartProxy(process);
  return {
    id: 'mismatch',
    severity: works ? 'warning' : 'error',
    message: `${words} uses ${backendName(live)}; kubelet's chains are in ${backendName(other.backend)} only${host?.backend === other.backend ? ", which is the host's" : ''}: neither sees the other's. Rules for Services: ${both.map((s) => filledWords(s, unread)).join(', ')}. ${gate}`,
    data: {
      kubelet: other.backend,
      kubeProxy: live,
      host: host?.backend ?? null,
      hostVersion: host?.text ?? null,
      kubeProxyFile: proxy?.file ?? null,
      kubeProxyIptables: proxy?.version ?? null,
      kubeProxyVersion: process?.version ?? null,
      serviceRules: Object.fromEntries(both.map((s) => [s.backend, s.services])),
    },
    evidence: [{ source: set?.tool ?? backendName(other.backend), text: other.kubelet }, ...evidence],
    fix: {
      say: `Let kube-proxy use ${backendName(other.backend)}: an image of 1.17 or newer chooses by kubelet's chains, once, when its container starts; for a process put the host's iptables first in its PATH. ${restart.say}`,
      ...(restart.now ? { now: restart.now } : {}),
      risk: 'disruptive',
      covers: `What it wrote to ${backendName(live)} stays until that is cleared or the node reboots. An image with ${backendName(live)} only stays with it: then move the host instead (update-alternatives --set iptables), or take a newer kube-proxy.`,
    },
  };
};

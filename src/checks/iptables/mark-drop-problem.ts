import type { Problem } from '../../core/check.ts';
import type { RuleSet } from '../../facts/iptables/rules.ts';
import type { KubeProxyMode } from '../../facts/kube-proxy/mode.ts';
import type { KubeProxyProcess } from '../../facts/kube-proxy/process.ts';

/** The chain is missing in this set: something jumps to it, or kube-proxy of this version will. */
export const markDropProblem = (set: RuleSet, mode: KubeProxyMode, process: KubeProxyProcess | null): Problem => {
  const jumps = set.dangling.filter((d) => d.to === 'KUBE-MARK-DROP');
  const version = process?.version ?? null;
  const tool = set.tool.replace(/-save$/, '');
  const why =
    jumps.length > 0
      ? `${[...new Set(jumps.map((j) => j.from))].join(', ')} ${jumps.length === 1 ? 'jumps' : 'jump'} to it, so iptables-restore refuses the whole table`
      : `kube-proxy ${version} (${mode} mode) sends packets there that are to be dropped${mode === 'ipvs' ? '; before 1.16.10 it does not make the chain itself' : ''}, and then iptables-restore refuses all its rules`;
  return {
    id: jumps.length > 0 ? 'dangling' : 'needed',
    severity: 'error',
    message: `The chain KUBE-MARK-DROP is missing in iptables-${set.backend} (${set.family}, table nat): ${why}. Kubelet makes it (up to 1.26), in the backend of the host's iptables.`,
    data: { backend: set.backend, family: set.family, mode, kubeProxyVersion: version, jumps },
    evidence: [
      {
        source: `${set.tool} -t nat`,
        text: jumps.length > 0 ? jumps.map((j) => `${j.from} -> KUBE-MARK-DROP`).join('; ') : 'no chain KUBE-MARK-DROP',
      },
    ],
    fix: {
      say: 'Make the chain as kubelet does. To mend it for good, let kubelet and kube-proxy use one backend (iptables/backend-mismatch), or take a kube-proxy of 1.25 or newer.',
      now: [
        `${tool} -w -t nat -N KUBE-MARK-DROP && ${tool} -w -t nat -A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000`,
      ],
      risk: 'none',
      covers:
        'It is gone after a reboot. Marked packets are dropped only where KUBE-FIREWALL of the same node drops them.',
    },
  };
};

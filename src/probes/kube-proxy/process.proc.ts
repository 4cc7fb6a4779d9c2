import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type KubeProxyProcess, kubeProxyProcess } from '../../facts/kube-proxy/process.ts';
import { kubernetesVersionOf } from '../../lib/kubernetes-version.ts';
import { iptablesLines } from '../iptables/iptables-lines.ts';
import { rulesProc } from '../iptables/rules.proc.ts';

const runByOf = (text: string): KubeProxyProcess['runBy'] => {
  if (text === 'pod') return { kind: 'pod' };
  return /^[A-Za-z0-9:_.@-]+\.service$/.test(text) ? { kind: 'unit', unit: text } : null;
};

/** See the script of iptables/rules, which looks for the process anyway. */
export const processProc = probe({
  yields: kubeProxyProcess,
  via: 'proc',
  reads: rulesProc.reads,
  parse: ({ all }) => {
    const lines = iptablesLines(all);
    if (!lines.ok) return lines;
    const [, pid, name = '', age = '', by = '', version = ''] = lines.value.find((l) => l[0] === 'proxy') ?? [];
    if (pid === undefined) return known(null);
    if (!/^\d+$/.test(pid) || !/^\d+$/.test(age))
      return missing('unparsable', 'the process of kube-proxy ended meanwhile');
    return known({
      pid: Number(pid),
      name,
      ageSeconds: Number(age),
      runBy: runByOf(by),
      version: kubernetesVersionOf(version)?.text ?? null,
    });
  },
});

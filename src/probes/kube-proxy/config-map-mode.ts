import type { Raw } from '../../core/read.ts';
import type { KubeProxyMode } from '../../facts/kube-proxy/mode.ts';
import { textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';
import { modeOf } from './mode-of.ts';

/** The mode that kubeadm's ConfigMap names; an empty one is iptables. Null where it was not read or says nothing. */
export const configMapMode = (raw: Raw): KubeProxyMode | null => {
  const json = kubeJson(raw);
  if (!json.ok) return null;
  const m = /^mode:[ \t]*(\S*)[ \t]*$/m.exec(textAt(json.value.body, 'data', 'config.conf'));
  return m ? modeOf((m[1] ?? '').replaceAll(/["']/g, '') || 'iptables') : null;
};

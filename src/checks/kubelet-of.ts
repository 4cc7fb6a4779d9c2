import type { Agent } from '../facts/node/agents.ts';

/** The kubelet of the node, or what has it within itself; undefined where none runs. */
export const kubeletOf = (agents: readonly Agent[]): Agent | undefined =>
  agents.find((a) => /^(kubelet|kubelite|k3s|rke2|k0s|hyperkube)/.test(a.name));

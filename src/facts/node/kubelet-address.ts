import { fact } from '../../core/fact.ts';

/** Where the API server finds the node's kubelet. */
export interface KubeletAddress {
  readonly ip: string;
  readonly port: number;
}

/** The node's InternalIP and kubelet's port, from the Node's status. */
export const kubeletAddress = fact<KubeletAddress>(
  'node/kubelet-address',
  'node',
  "the address of the node's kubelet as the API has it",
);

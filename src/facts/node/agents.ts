import { fact } from '../../core/fact.ts';

/** A Kubernetes or CNI process of the node, in the host's own network namespace. */
export interface Agent {
  readonly pid: number;
  /** Its comm, at most 15 characters. */
  readonly name: string;
  /** Those of its flags that netdoctor needs, without dashes; nothing else of a command line is read. */
  readonly flags: Readonly<Record<string, string>>;
  /** kube-proxy's configuration file where it could be read: `mode`. */
  readonly config: Readonly<Record<string, string>>;
}

/** Which of the well-known agents run there. */
export const agents = fact<readonly Agent[]>(
  'node/agents',
  'node',
  'Kubernetes and CNI processes of the node (kubelet, kube-proxy, …) and their flags',
);

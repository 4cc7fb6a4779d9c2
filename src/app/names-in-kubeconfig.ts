import type { KubeFlags } from '../cluster/kubeconfig/flags.ts';
import { readKubeconfigs } from '../cluster/kubeconfig/read.ts';
import { readTextFile } from '../cluster/kubeconfig/read-text-file.ts';
import type { RunContext } from './request.ts';

/** Names of the contexts, clusters or users of the kubeconfig files that kubectl would read. Throws KubeconfigError. */
export const namesInKubeconfig = (
  of: 'context' | 'cluster' | 'user',
  flags: KubeFlags,
  { env }: Pick<RunContext, 'env'>,
): readonly string[] => {
  const { config } = readKubeconfigs(env, flags, readTextFile);
  return [...{ context: config.contexts, cluster: config.clusters, user: config.users }[of].keys()];
};

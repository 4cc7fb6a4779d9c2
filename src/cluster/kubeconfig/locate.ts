import { delimiter, join } from 'node:path';
import type { KubeFlags } from './flags.ts';

/** The environment by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Which kubeconfig files to read, in order. */
export interface Locations {
  readonly files: readonly string[];
  /** The user named the file by --kubeconfig: that it is missing is an error. */
  readonly mustExist: boolean;
}

/** Where kubectl looks: --kubeconfig alone, else the list in KUBECONFIG, else .kube/config in `home`, which may be empty. */
export const locateKubeconfigs = (env: Env, flags: KubeFlags, home: string): Locations => {
  if (flags.kubeconfig) return { files: [flags.kubeconfig], mustExist: true };
  if (env.KUBECONFIG)
    return { files: [...new Set(env.KUBECONFIG.split(delimiter).filter((f) => f !== ''))], mustExist: false };
  return { files: [join(home, '.kube', 'config')], mustExist: false };
};

import { fact } from '../../core/fact.ts';

/**
 * `loaded` and `built-in`: there now. `loadable`: the kernel or modprobe loads it when it is needed. `missing`: neither, nor among the module files.
 * `unknown`: not seen, and nothing says whether it is built in or could be loaded.
 */
export type ModuleState = 'loaded' | 'built-in' | 'loadable' | 'missing' | 'unknown';

/** The kernel modules that kube-proxy's modes need. */
export interface KernelModules {
  /** The kernel can load modules (/proc/modules). */
  readonly modular: boolean;
  /** Where the module files of the running kernel are, on the node; null where there are none. */
  readonly directory: string | null;
  /** /proc/net/ip_vs is there: IPVS works in this kernel. */
  readonly ipVs: boolean;
  /** By name, with underscores; what is not in it was not asked for. */
  readonly states: Readonly<Record<string, ModuleState>>;
}

/** From /proc/modules, /sys/module, and modules.builtin and modules.dep of the running kernel. */
export const kernelModules = fact<KernelModules>(
  'kernel/modules',
  'node',
  "which kernel modules that kube-proxy's modes need are loaded, built in, loadable or missing",
);

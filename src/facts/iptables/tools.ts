import { fact } from '../../core/fact.ts';
import type { Backend } from './rules.ts';

/** Which iptables the node and kube-proxy have. */
export interface IptablesTools {
  /** The host's own `iptables -V`, which kubelet runs too; null where there is none. */
  readonly host: { readonly backend: Backend; readonly text: string } | null;
  /** What `iptables` is for kube-proxy, by its PATH in its root; null where no kube-proxy runs, or it could not be seen. */
  readonly proxy: {
    /** Null for a wrapper that has not chosen yet, and for what netdoctor does not know. */
    readonly backend: Backend | null;
    /** "/usr/sbin/iptables". */
    readonly path: string;
    /** The file that it leads to, in kube-proxy's root. */
    readonly file: string;
    /** "1.8.9", as it stands in that file; null where none was found. It is not executed: it may be anybody's. */
    readonly version: string | null;
  } | null;
}

/** The host's iptables and kube-proxy's, side by side. */
export const iptablesTools = fact<IptablesTools>(
  'iptables/tools',
  'node',
  "the host's `iptables -V`, and which iptables kube-proxy has in its own root",
);

import { fact } from '../../core/fact.ts';
import type { ReachKind } from './reach-targets.ts';

/** How a connect or a query ended. `untested`: there was nothing there that could try it. */
export type ReachResult = 'answers' | 'refused' | 'timeout' | 'unreachable' | 'failed' | 'untested';

/** One address, tried from the node's own network namespace: at most two tries of 3 s; DNS over UDP one of 5 s, with one repetition. */
export interface ReachRow {
  readonly kind: ReachKind;
  readonly protocol: 'TCP' | 'UDP';
  /** An IP address; of the API server also a name, as kubelet's kubeconfig has it. */
  readonly address: string;
  readonly port: number;
  readonly result: ReachResult;
  readonly tries: number;
  /** Milliseconds of the last try; the node's clock tells hundredths of a second. */
  readonly ms: number;
  /** The words of the program that tried; empty where it answers. */
  readonly error: string;
  /** `ip route get`; empty where it answers. */
  readonly route: string;
}

/** The table of what answers from the node. */
export interface Reachability {
  readonly rows: readonly ReachRow[];
  /** By what it was tried, as one would type it: for TCP, for DNS over UDP. */
  readonly by: { readonly tcp: string; readonly udp: string };
  /** Targets that are not known without the API, each with why. */
  readonly notKnown: readonly { readonly kind: ReachKind; readonly why: string }[];
}

/** What answers from the node's own network namespace, measured by connecting. */
export const reachability = fact<Reachability>(
  'services/reachability',
  'node',
  "what answers from the node: the API server's and the DNS Service, what is behind them, pods of other nodes, kubelet",
);

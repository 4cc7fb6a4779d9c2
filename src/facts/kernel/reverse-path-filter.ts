import { fact } from '../../core/fact.ts';

/** rp_filter of the node's interfaces as it takes effect: the larger of conf/all and conf/<interface>. 0 off, 1 strict, 2 loose. */
export interface ReversePathFilter {
  /** net.ipv4.conf.all.rp_filter. */
  readonly all: 0 | 1 | 2;
  readonly interfaces: readonly { readonly name: string; readonly effective: 0 | 1 | 2 }[];
}

/** Of the node's own network namespace; pods have settings of their own. */
export const reversePathFilter = fact<ReversePathFilter>(
  'kernel/reverse-path-filter',
  'node',
  'rp_filter of each interface of the node, as it takes effect',
);

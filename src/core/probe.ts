import type { Maybe, Needs } from './check.ts';
import type { Fact } from './fact.ts';
import type { Reading } from './gap.ts';
import type { Raw, Read } from './read.ts';

/** The reads of a probe, by the names under which its parser gets their answers. */
export type Reads = Readonly<Record<string, Read>>;

/**
 * How one fact is got: what to read, as data, and how to understand it, as a pure function.
 * `parse` is total: a value or a gap, never a throw, never a guess. Several probes may yield one fact: the first with a value counts.
 */
export interface Probe<T, R extends Reads = Reads> {
  readonly yields: Fact<T>;
  /** Where from, for people: "kube", "proc", "ipvs". */
  readonly via: string;
  readonly reads: R;
  /**
   * Shell variables for the program on the node, taken from what the API said: `${nd_name}` in a script or an address.
   * Values are letters, digits and ` ._:,/[]-` only. Facts that are not known (no API) are gaps here.
   */
  // biome-ignore lint/suspicious/noExplicitAny: see params()
  readonly params?: Params<any>;
  parse(raw: { readonly [K in keyof R]: Raw }): Reading<T>;
}

/** What a probe takes over from facts of the API; see {@link Probe.params}. */
export interface Params<N extends Needs = Needs> {
  readonly from: N;
  vars(maybe: Maybe<N>, node: string): Readonly<Record<string, string>>;
}

/** Lets TypeScript infer the types of a probe's parameters. */
// biome-ignore lint/suspicious/noExplicitAny: the fact types matter inside `vars` only
export const params = <N extends Needs>(p: Params<N>): Params<any> => p;

/** A probe whose own type is not of interest, as the registry keeps it. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds probes of all value types; `any` is confined to this alias
export type AnyProbe = Probe<any, any>;

/** Lets TypeScript infer the types of a probe. */
export const probe = <T, R extends Reads>(p: Probe<T, R>): Probe<T, R> => p;

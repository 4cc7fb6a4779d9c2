import type { AnyCheck, Needs } from './check.ts';
import type { AnyProbe } from './probe.ts';
import type { KubeRead, NodeRead, Read } from './read.ts';

/** What is to be read so that the chosen checks can judge; every read once. */
export interface Plan {
  readonly probes: readonly AnyProbe[];
  readonly kube: readonly KubeRead[];
  readonly node: readonly NodeRead[];
}

/** The ids of the facts that the checks may read. */
const factsOf = (checks: readonly AnyCheck[]): ReadonlySet<string> =>
  new Set(
    checks.flatMap((c) => [...Object.values(c.needs as Needs), ...Object.values(c.wants as Needs)].map((f) => f.id)),
  );

/** Chooses the probes that yield the facts of these checks (and what these probes ask for themselves), and lists their reads. */
export const plan = (
  checks: readonly AnyCheck[],
  all: readonly AnyProbe[],
  alsoFacts: readonly string[] = [],
): Plan => {
  const wanted = new Set([...factsOf(checks), ...alsoFacts]);
  for (const p of all) {
    if (p.params && wanted.has(p.yields.id)) for (const f of Object.values(p.params.from as Needs)) wanted.add(f.id);
  }
  const probes = all.filter((p) => wanted.has(p.yields.id));
  const reads = new Map<string, Read>();
  for (const p of probes) for (const r of Object.values(p.reads) as Read[]) reads.set(r.id, r);
  const list = [...reads.values()];
  return {
    probes,
    kube: list.filter((r) => r.kind === 'kube'),
    node: list.filter((r) => r.kind !== 'kube'),
  };
};

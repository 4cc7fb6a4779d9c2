import type { Needs } from '../core/check.ts';
import type { Lookup } from '../core/facts-table.ts';
import type { AnyProbe } from '../core/probe.ts';

/** The second stage's parameters: what the API said, as shell variables of the program. Values that are not plain are left out. */
export const paramsOf = (probes: readonly AnyProbe[], lookup: Lookup, node: string): Record<string, string> => {
  const vars: Record<string, string> = {};
  for (const p of probes) {
    if (!p.params) continue;
    const maybe = Object.fromEntries(Object.entries(p.params.from as Needs).map(([name, f]) => [name, lookup(f)]));
    for (const [name, value] of Object.entries(p.params.vars(maybe, node)))
      if (/^[A-Za-z0-9 ._:,/[\]-]*$/.test(value)) vars[name] = value;
  }
  return vars;
};

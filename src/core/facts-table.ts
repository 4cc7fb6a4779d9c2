import type { Fact } from './fact.ts';
import { type Gap, missing, type Reading } from './gap.ts';
import type { AnyProbe, Reads } from './probe.ts';
import type { Raw } from './read.ts';

/** Answers by the id of the read. */
export type Raws = ReadonlyMap<string, Raw>;

/** Looks a fact up; total. */
export type Lookup = <T>(fact: Fact<T>) => Reading<T>;

/** Of several reasons the one to tell: what really went wrong before what the user did not choose. */
const gravest = (gaps: readonly Gap[]): Gap =>
  gaps.find((g) => g.kind !== 'not-chosen' && g.kind !== 'not-collected') ??
  gaps.find((g) => g.kind === 'not-chosen') ??
  gaps[0] ?? { kind: 'not-collected', detail: 'nothing reads it' };

const neverRead = (id: string): Raw => missing('not-collected', `${id} was not read`);

const parse = (p: AnyProbe, raws: Raws): Reading<unknown> => {
  const raw: Record<string, Raw> = {};
  for (const [name, read] of Object.entries(p.reads as Reads)) raw[name] = raws.get(read.id) ?? neverRead(read.id);
  try {
    return p.parse(raw);
  } catch (error) {
    return missing(
      'unparsable',
      `${p.yields.id} via ${p.via}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

/** Turns raw answers into facts, each parsed once and only when it is asked for. */
export const factsTable = (probes: readonly AnyProbe[], raws: Raws): Lookup => {
  const done = new Map<string, Reading<unknown>>();
  const find = (id: string): Reading<unknown> => {
    const gaps: Gap[] = [];
    for (const p of probes) {
      if (p.yields.id !== id) continue;
      const reading = parse(p, raws);
      if (reading.ok) return reading;
      gaps.push(reading.gap);
    }
    return { ok: false, gap: gravest(gaps) };
  };
  return <T>(fact: Fact<T>): Reading<T> => {
    const before = done.get(fact.id);
    const reading = before ?? find(fact.id);
    if (!before) done.set(fact.id, reading);
    return reading as Reading<T>;
  };
};

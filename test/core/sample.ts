import { type AnyCheck, check, type Needs, type Verdict } from '../../src/core/check.ts';
import { fact } from '../../src/core/fact.ts';
import { known, type Reading } from '../../src/core/gap.ts';
import type { AnyProbe, Params } from '../../src/core/probe.ts';
import type { Output, Raw, Read } from '../../src/core/read.ts';
import type { Target } from '../../src/core/target.ts';

export const color = fact<string>('sample/color', 'node', 'a color');
export const size = fact<number>('sample/size', 'node', 'a size');
export const address = fact<string>('sample/address', 'cluster', 'an address');

export const node: Target = { kind: 'node', name: 'node-1' };

/** One answer. */
const output = (stdout: string, more: Partial<Output> = {}): Output => ({
  stdout,
  stderr: '',
  exit: 0,
  sample: 0,
  atMs: 0,
  ...more,
});

/** An answer with this text. */
export const answered = (stdout: string, ...more: string[]): Raw => ({
  ok: true,
  outputs: [output(stdout), ...more.map((t, i) => output(t, { sample: i + 1 }))],
});

/** A probe of one fact. */
export const probeOf = (
  yields: AnyProbe['yields'],
  reads: Record<string, Read>,
  parse: (raw: Record<string, Raw>) => Reading<unknown> = () => known(null),
  params?: Params,
): AnyProbe => ({ yields, via: 'test', reads, parse, ...(params ? { params } : {}) });

/** A check that judges so. */
export const checkOf = (
  judge: (facts: Record<string, unknown>, maybe: Record<string, Reading<unknown>>) => Verdict,
  needs: Needs = {},
  wants: Needs = {},
): AnyCheck =>
  check({
    id: 'sample/check',
    title: 'All is well',
    severity: 'error',
    per: 'node',
    docs: { why: '', links: [] },
    needs,
    wants,
    judge,
  });

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GapKind } from '../../src/core/gap.ts';
import type { Raw, Read } from '../../src/core/read.ts';
import { allProbes } from '../../src/probes/index.ts';
import { gapKinds } from '../support/gap-kinds.ts';
import { none, said } from './raws.ts';

const pieces = [
  'row\ttcp\t31055\t7\t',
  'row\tTCP\t7\t',
  'own\t7\t8\t\tname',
  'arg\t8\t31055',
  'arch x86_64',
  'arch ',
  'none',
  'addresses',
  'port\tTCP\t794F\t1',
  'port\tTCP\tzz\t1',
  'count\t1',
  'count\t-1',
  'conn\t',
  'flow\t',
  'server\t',
  'limit x 60',
  'conntrack -L',
  'agent\t1\tkubelet',
  'flag\t1\tconfig=/x',
  'config\t1\tmode=',
  '  0: 0100007F:8707 00000000:0000 0A 0 0 0 0 0 7',
  '{"items":[null,1,{"spec":{"ports":[{"nodePort":30000}]}}]}',
  '{"items":{}}',
  '{"data":{"config.conf":"mode: x"}}',
  '[]',
  'null',
  '\n',
  '\t',
  '1',
  '32768\t60999',
];

describe.each(allProbes.map((p) => [`${p.yields.id} via ${p.via}`, p] as const))('%s', (_, p) => {
  const reads = Object.entries(p.reads as Record<string, Read>);
  const raw = (answer: () => Raw): Record<string, Raw> => Object.fromEntries(reads.map(([name]) => [name, answer()]));

  it('whatever was printed: a value or a gap with words, never a throw', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((l) => l.join('\n')),
      fc.json(),
    );
    const answer = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.array(text, { minLength: 1, maxLength: 3 }).map(([first = '', ...more]) => said(first, ...more)),
      },
      { weight: 1, arbitrary: fc.constantFrom(...gapKinds).map(none) },
    );
    const total = fc.property(fc.array(answer, { minLength: reads.length, maxLength: reads.length }), (answers) => {
      const reading = p.parse(Object.fromEntries(reads.map(([name], i) => [name, answers[i] ?? none()])));
      if (!reading.ok) expect([gapKinds.includes(reading.gap.kind), reading.gap.detail !== '']).toEqual([true, true]);
    });
    fc.assert(total, { numRuns: 300 });
  });

  const knownWithoutReads = { absent: ['node/pod-families via proc', 'conntrack/limits via proc'] } as Partial<
    Record<GapKind, string[]>
  >;
  it.each(gapKinds.filter((k) => !knownWithoutReads[k]?.includes(_)))(
    'nothing was read (%s): it knows nothing',
    (kind) => {
      expect(p.parse(raw(() => none(kind))).ok).toBe(false);
    },
  );
});

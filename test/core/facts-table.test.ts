import { describe, expect, it } from 'vitest';
import { factsTable } from '../../src/core/facts-table.ts';
import { type Gap, type GapKind, known, missing, type Reading } from '../../src/core/gap.ts';
import { file, type Raw } from '../../src/core/read.ts';
import { answered, color, probeOf, size } from './sample.ts';

const read = file('/x');
const gives = (reading: Reading<unknown>) => probeOf(color, { read }, () => reading);
const lacks = (kind: GapKind) => gives(missing(kind, `because ${kind}`));
const none: ReadonlyMap<string, Raw> = new Map();

describe('several probes of one fact', () => {
  it.each([
    ['the first that knows counts', [gives(known('red')), gives(known('blue'))], 'red'],
    ['a gap gives way to the next', [lacks('forbidden'), gives(known('blue')), gives(known('green'))], 'blue'],
    ['the last may know', [lacks('absent'), lacks('failed'), gives(known('green'))], 'green'],
  ])('%s', (_, probes, value) => expect(factsTable(probes, none)(color)).toEqual(known(value)));

  it.each<[GapKind[], GapKind]>([
    [['not-collected'], 'not-collected'],
    [['not-chosen'], 'not-chosen'],
    [['not-collected', 'not-chosen'], 'not-chosen'],
    [['not-chosen', 'not-collected'], 'not-chosen'],
    [['not-chosen', 'forbidden'], 'forbidden'],
    [['not-collected', 'timeout', 'not-chosen'], 'timeout'],
    [['unparsable', 'forbidden'], 'unparsable'],
    [['absent', 'not-chosen'], 'absent'],
  ])('none of them knows: of %j it tells %s', (kinds, kind) => {
    expect(factsTable(kinds.map(lacks), none)(color)).toEqual(missing(kind, `because ${kind}`));
  });

  it('no probe at all', () =>
    expect(factsTable([probeOf(size, {})], none)(color)).toEqual(missing('not-collected', 'nothing reads it')));
});

it.each<[string, () => Reading<unknown>, string]>([
  [
    'an error',
    () => {
      throw new TypeError('x is undefined');
    },
    'sample/color via test: x is undefined',
  ],
  [
    'a text',
    () => {
      throw 'a text';
    },
    'sample/color via test: a text',
  ],
])('a parse that throws %s is unparsable, and the next probe has its turn', (_, parse, detail) => {
  const bad = probeOf(color, { read }, parse);
  expect(factsTable([bad], none)(color)).toEqual(missing('unparsable', detail));
  expect(factsTable([bad, gives(known('red'))], none)(color)).toEqual(known('red'));
});

it('a parse gets the answers by name, and a gap for what was not read', () => {
  const seen: Record<string, Raw>[] = [];
  const p = probeOf(color, { read, other: file('/y') }, (raw) => {
    seen.push(raw);
    return known('red');
  });
  factsTable([p], new Map([[read.id, answered('text')]]))(color);
  const gap: Gap = { kind: 'not-collected', detail: 'file:/y was not read' };
  expect(seen).toEqual([{ read: answered('text'), other: { ok: false, gap } }]);
});

it('each fact is parsed when it is asked for, once, known or not', () => {
  let parsed = 0;
  const count = (reading: Reading<unknown>) =>
    probeOf(color, {}, () => {
      parsed++;
      return reading;
    });
  for (const reading of [known('red'), missing('failed', 'x')]) {
    parsed = 0;
    const lookup = factsTable([count(reading)], none);
    expect(parsed).toBe(0);
    expect([lookup(color), lookup(color), parsed]).toEqual([reading, reading, 1]);
  }
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at, listAt, numberAt, textAt } from '../../src/lib/json.ts';

const body = { items: [{ name: 'a', port: 0, list: [1] }, null, 'x'], empty: '', no: null, not: Number.NaN, yes: true };

it.each<[unknown, (string | number)[], unknown]>([
  [body, ['items', 0, 'name'], 'a'],
  [body, ['items', 1, 'name'], undefined],
  [body, ['items', 2, 'length'], undefined],
  [body, ['items', 3], undefined],
  [body, ['no'], null],
  [body, ['no', 'deeper'], undefined],
  [body, [], body],
  [null, ['x'], undefined],
  [undefined, ['x'], undefined],
])('at %#', (data, path, want) => expect(at(data, ...path)).toEqual(want));

it.each<[(string | number)[], unknown, string, number | null]>([
  [['items', 0, 'list'], [1], '', null],
  [['items', 0, 'name'], [], 'a', null],
  [['items', 0, 'port'], [], '', 0],
  [['not'], [], '', null],
  [['yes'], [], '', null],
  [['empty'], [], '', null],
  [['gone', 'for', 'good'], [], '', null],
])('%j as list, text and number', (path, list, text, number) => {
  expect(listAt(body, ...path)).toEqual(list);
  expect(textAt(body, ...path)).toBe(text);
  expect(numberAt(body, ...path)).toBe(number);
});

it('never throws, and gives what it says', () => {
  const any = fc.property(
    fc.anything(),
    fc.array(fc.oneof(fc.string(), fc.nat({ max: 3 }), fc.constantFrom('__proto__', 'constructor', 'length'))),
    (data, path) => {
      expect(Array.isArray(listAt(data, ...path))).toBe(true);
      expect(typeof textAt(data, ...path)).toBe('string');
      const n = numberAt(data, ...path);
      expect(n === null || Number.isFinite(n)).toBe(true);
    },
  );
  fc.assert(any);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJsonBody } from '../../src/parsers/json-body.ts';

it.each([
  ['{}', {}],
  ['null', null],
  ['false', false],
  [' [1]\n', [1]],
  ['"é"', 'é'],
])('%j', (text, value) => expect(parseJsonBody(text)).toEqual({ value }));

it.each([
  '',
  '{',
  '{"a":1}{',
  'undefined',
  "{'a':1}",
  '{"a":1',
  '\ufeff{}',
  'Error from server (Forbidden): nodes is forbidden',
])('none: %j', (text) => expect(parseJsonBody(text)).toBeNull());

it('reads what was printed; never throws', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      (value) =>
        void expect(parseJsonBody(JSON.stringify(value))).toEqual({ value: JSON.parse(JSON.stringify(value)) }),
    ),
  );
  const anything = fc.property(fc.string({ unit: 'binary' }), (text) => {
    const r = parseJsonBody(text);
    expect(r === null || 'value' in r).toBe(true);
  });
  fc.assert(anything);
});

import { expect, it } from 'vitest';
import { keep } from '../../src/cluster/keep.ts';

const body = {
  kind: 'List',
  metadata: { name: 'n', labels: { 'a.b/c': '1', d: '2' }, annotations: { secret: 'x' } },
  items: [
    { name: 'i1', ports: [{ port: 1, x: 2 }, { port: 3 }], addresses: ['a', 'b'], flag: false, none: null },
    { name: 'i2' },
    {},
  ],
  empty: [],
  nothing: null,
  zero: 0,
  data: { 'config.conf': 'text', 'other.conf': 'secret' },
};

it.each<[readonly string[], unknown]>([
  [[], {}],
  [['kind'], { kind: 'List' }],
  [['metadata.name'], { metadata: { name: 'n' } }],
  [['metadata.labels'], { metadata: { labels: { 'a.b/c': '1', d: '2' } } }],
  [['metadata.labels."a.b/c"'], { metadata: { labels: { 'a.b/c': '1' } } }],
  [['data."config.conf"'], { data: { 'config.conf': 'text' } }],
  [['items[].name'], { items: [{ name: 'i1' }, { name: 'i2' }, {}] }],
  [['items[].ports[].port'], { items: [{ ports: [{ port: 1 }, { port: 3 }] }, {}, {}] }],
  [
    ['items[].addresses', 'items[].flag', 'items[].none'],
    { items: [{ addresses: ['a', 'b'], flag: false, none: null }, {}, {}] },
  ],
  [['items[].addresses[]'], { items: [{ addresses: ['a', 'b'] }, {}, {}] }],
  [['empty[].a', 'nothing[].a', 'nothing.b', 'zero'], { empty: [], nothing: null, zero: 0 }],
  [['metadata', 'metadata.name'], { metadata: body.metadata }],
  [['missing.deep', 'kind.deep', 'items.name', 'metadata[].x', '__proto__.x', 'constructor'], {}],
])('keeps %j', (paths, expected) => {
  const kept = keep(body, paths);
  expect(kept).toEqual(expected);
  expect(Object.keys(kept as object)).toEqual(Object.keys(expected as object));
});

it('keeps nothing of a body that is no object', () => {
  expect(keep('text', ['a'])).toEqual({});
  expect(keep([1], ['a'])).toEqual({});
});

it.each(['a..b', '.a', 'a.', 'a[b]', '"a', 'a b"c"'])('refuses the path %s', (path) => {
  expect(() => keep({}, [path])).toThrow('not a path');
});

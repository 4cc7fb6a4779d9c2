import { expect, it } from 'vitest';
import { parseSnatGroup } from '../../src/parsers/snat-group.ts';
import { expectTotal, isPort } from './fuzz.ts';

const row = '100\tsnat\tudp\t10.0.0.12\t10.0.0.11\t9999\t10.96.0.1\t53\t0\t60\t61000\t61099';
const six = '16\tsnat\ttcp\tfd00::1\tfd00::2\t443\tfd00::2\t443\t16\t0\t1024\t65535';

it('a group', () => {
  expect(parseSnatGroup(row)).toEqual({
    protocol: 'udp',
    source: '10.0.0.12',
    destination: { ip: '10.0.0.11', port: 9999 },
    meant: { ip: '10.96.0.1', port: 53 },
    entries: 100,
    timeWait: 0,
    moved: 60,
    lowest: 61000,
    highest: 61099,
  });
  expect(parseSnatGroup(six)).toMatchObject({ source: 'fd00::1', timeWait: 16 });
});

it.each([
  ['nothing', ''],
  ['another tag', row.replace('snat', 'nat')],
  ['a protocol that is none', row.replace('udp', '17')],
  ['no number', row.replace('100', 'x')],
  ['an address that is none', row.replace('10.0.0.12', '10.0.0.256')],
  ['a destination that is none', row.replace('10.0.0.11', '')],
  ['a meant address that is none', row.replace('10.96.0.1', 'web')],
  ['a port beyond 65535', row.replace('9999', '65536')],
  ['a meant port that is none', row.replace('\t53\t', '\t\t')],
  ['no lowest port', row.replace('61000', '')],
  ['no highest port', row.replace('61099', '')],
  ['ports the wrong way round', row.replace('61000', '61100')],
  ['more moved than there are', row.replace('\t60\t', '\t101\t')],
  ['more closed than there are', row.replace('\t0\t', '\t101\t')],
  ['moved is no number', row.replace('\t60\t', '\t-\t')],
  ['closed is no number', row.replace('\t0\t', '\t-\t')],
])('none: %s', (_, line) => expect(parseSnatGroup(line)).toBeNull());

it('is total', () => {
  expectTotal(parseSnatGroup, [row, six], (g) => isPort(g.lowest) && isPort(g.highest) && g.moved <= g.entries);
});

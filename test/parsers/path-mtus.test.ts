import { describe, expect, it } from 'vitest';
import { parsePathMtus } from '../../src/parsers/path-mtus.ts';
import { expectTotal } from './fuzz.ts';

const row =
  'path\tpod\tshop/web-0\tn2\t10.244.2.7\tlost\t1500\t1450\t0\teth0\t10.244.2.0/24 via 10.0.0.6 dev eth0\t1 packets transmitted\n';

describe('the table of pings', () => {
  it('has its rows by kind and node, and by what they were tried', () => {
    const text = `by\tping -n -M do\n${row}path\tnode\tn3\tn3\tfd00::3\tfits\t9000\t0\t0\teth0\t\t\nwhole\n`;
    expect(parsePathMtus(text)).toEqual({
      by: 'ping -n -M do',
      paths: [
        {
          kind: 'node',
          name: 'n3',
          node: 'n3',
          address: 'fd00::3',
          result: 'fits',
          mtu: 9000,
          through: 0,
          told: 0,
          device: 'eth0',
          route: '',
          words: '',
        },
        {
          kind: 'pod',
          name: 'shop/web-0',
          node: 'n2',
          address: '10.244.2.7',
          result: 'lost',
          mtu: 1500,
          through: 1450,
          told: 0,
          device: 'eth0',
          route: '10.244.2.0/24 via 10.0.0.6 dev eth0',
          words: '1 packets transmitted',
        },
      ],
    });
    expect(parsePathMtus('whole\n')).toEqual({ by: '', paths: [] });
  });

  it.each([
    ['nothing', ''],
    ['without its last line', row],
    ['of another kind', `${row.replace('pod', 'moon')}whole\n`],
    ['another result', `${row.replace('lost', 'found')}whole\n`],
    ['a name that is none', `${row.replace('shop/web-0', '$(reboot)')}whole\n`],
    ['no node', `${row.replace('\tn2\t', '\t\t')}whole\n`],
    ['an address that is none', `${row.replace('10.244.2.7\t', 'example.com\t')}whole\n`],
    ['a size that is none', `${row.replace('1450', '-1')}whole\n`],
    ['a size of no packet', `${row.replace('1450', '145000')}whole\n`],
    ['a field too many', `${row.replace('transmitted', 'transmitted\tx')}whole\n`],
    ['another line', `hello\n${row}whole\n`],
  ])('%s is no table', (_, text) => expect(parsePathMtus(text)).toBeNull());

  it('of any text', () => {
    expectTotal(parsePathMtus, [`${row}whole\n`, 'by\tping\nwhole'], (found) =>
      found.paths.every((p) => [p.mtu, p.through, p.told].every((n) => n >= 0 && n < 100_000)),
    );
  });
});

import { expect, it } from 'vitest';
import { dotted, parseRouteRow } from '../../src/parsers/route-table.ts';
import { expectTotal } from './fuzz.ts';

const pods = 'flannel.1\t0001F40A\t0001F40A\t0003\t0\t0\t0\t00FFFFFF\t0\t0\t0';
const ten = (a: number, b: number, c: number): number => ((10 << 24) | (a << 16) | (b << 8) | c) >>> 0;

it.each([
  [
    'eth0\t00000000\t01007B0A\t0003\t0\t0\t100\t00000000\t0\t0\t0',
    { device: 'eth0', destination: 0, gateway: ten(123, 0, 1), prefix: 0, metric: 100 },
  ],
  [pods, { device: 'flannel.1', destination: ten(244, 1, 0), gateway: ten(244, 1, 0), prefix: 24, metric: 0 }],
  [
    'cali1\t0501F40A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0',
    { device: 'cali1', destination: ten(244, 1, 5), gateway: 0, prefix: 32, metric: 0 },
  ],
])('%j', (line, want) => expect(parseRouteRow(line, true)).toEqual(want));

it('reads the same of a big-endian machine', () =>
  expect(parseRouteRow('eth0\t0AF40100\t0A7B0001\t0003\t0\t0\t0\tFFFFFF00\t0\t0\t0', false)).toEqual({
    device: 'eth0',
    destination: ten(244, 1, 0),
    gateway: ten(123, 0, 1),
    prefix: 24,
    metric: 0,
  }));

it.each([
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
  '*\t0001F40A\t00000000\t0200\t0\t0\t0\t00FFFFFF\t0\t0\t0',
  pods.replace('0003', '0203'),
  pods.replace('0003', '0002'),
  pods.replace('0003', 'x'),
  pods.replace('00FFFFFF', '00FFFF'),
  pods.replace('0001F40A', '10.244.1.0'),
  '',
])('no route that leads anywhere: %j', (line) => expect(parseRouteRow(line, true)).toBeNull());

it('writes addresses', () => {
  expect(dotted(ten(244, 1, 0))).toBe('10.244.1.0');
  expect(dotted(0xffffffff)).toBe('255.255.255.255');
});

it('is total', () =>
  expectTotal(
    (text) => parseRouteRow(text, true),
    [pods],
    (r) => r.prefix >= 0 && r.prefix <= 32 && r.destination >= 0 && r.gateway <= 0xffffffff && r.metric >= 0,
  ));

import { describe, expect, it } from 'vitest';
import { isLittleEndian } from '../../src/parsers/byte-order.ts';
import { ephemeralRangeProc } from '../../src/probes/kernel/ephemeral-range.proc.ts';
import { ipForwardingProc } from '../../src/probes/kernel/ip-forwarding.proc.ts';
import { kernelReleaseProc } from '../../src/probes/kernel/release.proc.ts';
import { reservedPortsProc } from '../../src/probes/kernel/reserved-ports.proc.ts';
import { podFamiliesProc } from '../../src/probes/node/pod-families.proc.ts';
import { rawLines } from '../parsers/fuzz.ts';
import { kindOf, none, said, told } from './raws.ts';

it.each([
  ['32768\t60999\n', [32768, 60999]],
  ['12000\t65001\n', [12000, 65001]],
  ['1\t65535\n', [1, 65535]],
  ['', 'unparsable: ip_local_port_range is ""'],
  ['32768\n', 'unparsable: ip_local_port_range is "32768"'],
  ['60999\t32768\n', 'unparsable: ip_local_port_range is "60999\t32768"'],
])('ephemeral range %j', (text, want) => expect(told(ephemeralRangeProc.parse({ range: said(text) }))).toEqual(want));

it.each([
  ['\n', []],
  ['', []],
  [
    '30000-32767,40000\n',
    [
      [30000, 32767],
      [40000, 40000],
    ],
  ],
  ['5,3-4\n', [[3, 5]]],
  ['all\n', 'unparsable: ip_local_reserved_ports is "all"'],
])('reserved ports %j', (text, want) => expect(told(reservedPortsProc.parse({ list: said(text) }))).toEqual(want));

it.each([
  ['6.1.0-44-amd64\n', '6.1.0-44-amd64'],
  ['5.15.0\n', '5.15.0'],
  ['\n', 'unparsable: osrelease is ""'],
  ['Linux\n', 'unparsable: osrelease is "Linux"'],
])('release %j', (text, want) => expect(told(kernelReleaseProc.parse({ release: said(text) }))).toEqual(want));

describe('forwarding', () => {
  it.each([
    [said('1\n'), said('1\n'), { ipv4: true, ipv6: true }],
    [said('0\n'), said('0\n'), { ipv4: false, ipv6: false }],
    [said('1\n'), said('2\n'), { ipv4: true, ipv6: true }],
    [said('1\n'), none('absent'), { ipv4: true, ipv6: null }],
    [said('1\n'), none('forbidden'), 'forbidden'],
    [none('absent'), said('1\n'), 'absent'],
    [said(''), said('1\n'), 'unparsable'],
    [said('1\n'), said('on\n'), 'unparsable'],
    [said('10\n'), said('1\n'), 'unparsable'],
  ])('%#', (ipv4, ipv6, want) => expect(kindOf(ipForwardingProc.parse({ ipv4, ipv6 }))).toEqual(want));
});

describe('families by the addresses of the node', () => {
  const row = (scope: string): string => `fd000009000000000000000000000001 03 40 ${scope} 80       d0\n`;
  it.each([
    ['no IPv6 in the kernel', none('absent'), ['ipv4']],
    ['no address', said(''), ['ipv4']],
    ['link-local and loopback only', said(row('20') + row('10')), ['ipv4']],
    ['a global one', said(row('20') + row('00')), 'not-chosen'],
    ['a real table with one', said(rawLines('proc-net-if_inet6.debian-12.linux-6.18.44.txt').join('\n')), 'not-chosen'],
    ['no table', said('cat: something went wrong\n'), 'unparsable'],
    ['forbidden', none('forbidden'), 'forbidden'],
  ])('%s', (_, addresses, want) => expect(kindOf(podFamiliesProc.parse({ addresses }))).toEqual(want));
});

it.each([
  ['x86_64', true],
  ['aarch64', true],
  ['armv7l', true],
  ['riscv64', true],
  ['ppc64le', true],
  ['mips64el', true],
  ['loongarch64', true],
  ['s390x', false],
  ['ppc64', false],
  ['mips', false],
])('the byte order of %s', (arch, little) => expect(isLittleEndian(['row', `arch ${arch}`])).toBe(little));

it.each([[[]], [['arch ']], [['arch']], [['x arch x86_64']]])('no byte order in %j', (lines) =>
  expect(isLittleEndian(lines)).toBeNull(),
);

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyPacket } from '../../src/parsers/any-packet.ts';
import { cidr } from '../../src/parsers/cidr.ts';
import { parseFirewallRules } from '../../src/parsers/firewall-rules.ts';
import { parseIptablesMatch } from '../../src/parsers/iptables-match.ts';
import { parseNftRule } from '../../src/parsers/nft-rule.ts';
import { portSet } from '../../src/parsers/port-set.ts';
import { ruleWords } from '../../src/parsers/rule-words.ts';
import { expectTotal, textNear } from './fuzz.ts';

it.each([
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['10.0.0.1', '10.0.0.1/32'],
  ['FD00:0::1/64', 'fd00::1/64'],
  ['fd00::1', 'fd00::1/128'],
  ['10.0.0.0/33', null],
  ['10.0.0.0/8/9', null],
  ['10.0.0.0/255.0.0.0', null],
  ['@set', null],
  ['', null],
])('network %j', (text, want) => expect(cidr(text)).toBe(want));

it.each([
  ['80', [[80, 80]]],
  [
    '80:90,443',
    [
      [80, 90],
      [443, 443],
    ],
  ],
  [
    '1000-2000, 3',
    [
      [1000, 2000],
      [3, 3],
    ],
  ],
  ['90-80', null],
  ['65536', null],
  ['ssh', null],
  ['', null],
])('ports %j', (text, want) => expect(portSet(text)).toEqual(want));

it.each([
  ['-A X -j DROP', ['-A', 'X', '-j', 'DROP']],
  [
    String.raw`-A X --comment "a \"b\" it\'s \\ c" -j Y`,
    ['-A', 'X', '--comment', String.raw`a "b" it's \ c`, '-j', 'Y'],
  ],
  ['-A X  --nfacct-name  y', ['-A', 'X', '--nfacct-name', 'y']],
  ['"open', null],
  ['', []],
])('words of %j', (text, want) => expect(ruleWords(text)).toEqual(want));

it('words are got back from what iptables prints', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme-ascii' }), { maxLength: 6 }), (words) => {
      const quoted = words.map((w) => `"${w.replaceAll(/["'\\]/g, '\\$&')}"`).join(' ');
      expect(ruleWords(quoted)).toEqual(words);
    }),
  );
});

const iptablesRows = [
  '-A INPUT -s 10.0.0.0/8,10.1.2.3/32 -d fd00::1/128 -i eth0 -o cni0 -p tcp -m tcp --sport 1:2 --dport 80 -j DROP',
  '-A INPUT -p tcp -m multiport --dports 80,90:91 --sports 5 -m state --state NEW -j REJECT --reject-with tcp-reset',
  '-A X -m conntrack --ctstate RELATED,ESTABLISHED -m mark --mark 0x4000/0x4000 -m comment --comment "a b" -g Y',
] as const;

describe('a rule of iptables', () => {
  it.each([
    [
      iptablesRows[0],
      {
        verdict: 'DROP',
        source: ['10.0.0.0/8', '10.1.2.3/32'],
        destination: ['fd00::1/128'],
        inInterface: 'eth0',
        outInterface: 'cni0',
        protocol: 'tcp',
        sourcePorts: [[1, 2]],
        destinationPorts: [[80, 80]],
      },
    ],
    [
      iptablesRows[1],
      {
        verdict: 'REJECT',
        protocol: 'tcp',
        destinationPorts: [
          [80, 80],
          [90, 91],
        ],
        sourcePorts: [[5, 5]],
        states: ['NEW'],
      },
    ],
    [iptablesRows[2], { jump: 'Y', states: ['RELATED', 'ESTABLISHED'], mark: '0x4000/0x4000' }],
    ['-A X -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT', { protocol: 'tcp', verdict: 'ACCEPT' }],
    ['-A X ! -s 127.0.0.0/8 -d 127.0.0.0/8 -j DROP', { destination: ['127.0.0.0/8'], verdict: 'DROP', other: true }],
    ['-A X -m set --match-set pods src -j DROP', { verdict: 'DROP', other: true }],
    ['-A X -s @x --dport ssh -m string --string "-j ACCEPT" -j DROP', { verdict: 'DROP', other: true }],
    ['-A X ! --syn -j DROP', { verdict: 'DROP', other: true }],
    ['-A X ...', { other: true }],
    ['-A X', {}],
  ])('%s', (text, want) => expect(parseIptablesMatch(text)).toEqual({ ...anyPacket, ...want }));

  it.each([[''], ['-N X'], ['-A'], ['-A X "']])('not %j', (text) => expect(parseIptablesMatch(text)).toBeNull());

  it('is total', () => expectTotal(parseIptablesMatch, iptablesRows, (m) => typeof m.other === 'boolean'));
});

describe('a rule of nft', () => {
  it.each([
    [
      'ip daddr 10.0.0.0/16 tcp dport { 80, 443 } counter packets 0 bytes 0 drop',
      {
        destination: ['10.0.0.0/16'],
        protocol: 'tcp',
        destinationPorts: [
          [80, 80],
          [443, 443],
        ],
        verdict: 'DROP',
      },
    ],
    [
      'ip6 saddr { fd00::1, fd00::/64 } udp sport 53-54 accept',
      { source: ['fd00::1/128', 'fd00::/64'], protocol: 'udp', sourcePorts: [[53, 54]], verdict: 'ACCEPT' },
    ],
    [
      'meta l4proto tcp th dport 5 iifname "eth0" oif "cni0" counter name "foo" log prefix "a drop " level warn flags all reject with icmpx admin-prohibited comment "a drop"',
      { protocol: 'tcp', destinationPorts: [[5, 5]], inInterface: 'eth0', outInterface: 'cni0', verdict: 'REJECT' },
    ],
    ['ct state { established, related } accept', { states: ['ESTABLISHED', 'RELATED'], verdict: 'ACCEPT' }],
    ['ct state new counter jump KUBE-X', { states: ['NEW'], jump: 'KUBE-X' }],
    ['meta mark & 0x00004000 == 0x00004000 accept', { mark: '0x4000/0x4000', verdict: 'ACCEPT' }],
    ['meta mark 0x00000001 goto y', { mark: '0x00000001', jump: 'y' }],
    ['reject', { verdict: 'REJECT' }],
    ['reject with tcp reset', { verdict: 'REJECT' }],
    ['ip daddr @cluster-ips drop', { verdict: 'DROP', other: true }],
    ['ip daddr != 10.0.0.1 drop', { verdict: 'DROP', other: true }],
    ['ct state vmap { established : accept, invalid : drop }', { verdict: 'ACCEPT', other: true }],
    ['tcp dport vmap { 22 : accept }', { verdict: 'ACCEPT', other: true }],
    ['tcp dport vmap { 22 : drop }', { other: true }],
    ['tcp dport @ports drop', { protocol: 'tcp', verdict: 'DROP', other: true }],
    ['ct status dnat accept', { verdict: 'ACCEPT', other: true }],
    ['', {}],
  ])('%s', (text, want) => expect(parseNftRule(text)).toEqual({ ...anyPacket, ...want }));

  it('is total', () => {
    const rows = [
      'ip daddr { 10.0.0.1, 10.0.0.2 } tcp dport vmap { 1 : accept } log prefix "x" drop',
      'reject with icmp port-unreachable',
    ] as const;
    fc.assert(fc.property(textNear(...rows), (text) => typeof parseNftRule(text).other === 'boolean'));
  });
});

describe('what the collector tells of the firewall', () => {
  const lines = [
    'blind\tlegacy ip\tiptables-legacy-save: not found (exit 127)',
    'seen\tlegacy ip',
    'blind\tnft\tnft: no answer (exit 137)',
    'rule\tlegacy ip\tfilter\tINPUT\t7\t-A INPUT -p tcp --dport 80 -j DROP',
    'rule\tnft inet\thard\tin\t-\ttcp dport 25 drop # handle 12',
    `rule\tiptables-nft ip6\tfilter\tINPUT\t0\t-A INPUT ${'x'.repeat(20)} ...`,
    'policy\tiptables-nft ip\tfilter\tINPUT\t-\t:INPUT DROP',
    'rule\tnft inet\thard\tin\tx\tbad',
    'rule\telse ip\tfilter\tINPUT\t0\t-A X -j DROP',
    'fwd\tiptables-nft ip\tfilter\tFORWARD\tDROP',
    'way\tiptables-nft ip\tfilter\tFORWARD\t-A FORWARD -j X',
    'way\tiptables-nft ip\tfilter\tX\t-A X -j ACCEPT',
    'way\tiptables-nft ip\tfilter\tX\tbad',
    'fwd\tnft inet\thard\tfwd\tMAYBE',
    'tool\tiptables-nft ip\tfilter\tDOCKER',
    'cut',
    'cutway',
    'end',
  ];
  it('is understood line by line', () => {
    const found = parseFirewallRules(lines.join('\n'));
    expect(found).toMatchObject({
      seen: ['legacy ip'],
      blind: ['nft: no answer (exit 137)'],
      hints: ['ip filter DOCKER'],
      cut: true,
      cutWay: true,
    });
    expect(
      found?.drops.map((d) => [d.tool, d.family, d.chain, d.policy, d.packets, d.handle, d.words?.length]),
    ).toEqual([
      ['iptables', 'ip', 'INPUT', false, 7, null, 8],
      ['nft', 'inet', 'in', false, null, '12', undefined],
      ['ip6tables-nft', 'ip6', 'INPUT', false, 0, null, undefined],
      ['iptables-nft', 'ip', 'INPUT', true, null, null, undefined],
    ]);
    expect(found?.forward).toMatchObject([{ policy: 'DROP', rules: [{ chain: 'FORWARD' }, { chain: 'X' }] }]);
  });

  it('is nothing without its end', () => expect(parseFirewallRules(lines.slice(0, -1).join('\n'))).toBeNull());

  it('is total', () =>
    expectTotal(parseFirewallRules, [lines.join('\n'), 'end'], (f) => f.drops.every((d) => (d.packets ?? 0) >= 0)));
});

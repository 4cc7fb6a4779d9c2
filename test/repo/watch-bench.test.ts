import { describe, expect, it } from 'vitest';
import { busySeconds, droppedByRules, ranSeconds, snmpValue } from '../../scripts/lib/kernel-counts.ts';
import { watchTally } from '../../scripts/lib/watch-tally.ts';
import type { WatchEvent } from '../../src/core/watch.ts';

const end = { ip: '10.99.0.1', port: 1024 };
const drop = { kind: 'drop', protocol: 'IPv4', reason: 'NETFILTER_DROP', symbol: 'nft_do_chain' } as const;
const at = { atSeconds: 1 };

const told: readonly WatchEvent[] = [
  { ...at, kind: 'begin', by: 'trace', tracepoints: ['kfree_skb'] },
  { ...at, kind: 'seen', count: 100, last: drop },
  { ...at, kind: 'seen', count: 2, last: { ...drop, reason: null, symbol: null } },
  { ...at, kind: 'less', of: 'opened' },
  { ...at, kind: 'seen', count: 7, last: { kind: 'reset-received', source: end, destination: end } },
  { ...at, kind: 'lost', count: 3 },
  { ...at, kind: 'unlisted', count: 5 },
  { ...at, kind: 'all', of: 'opened' },
  { ...at, kind: 'less', of: 'opened' },
  { ...at, kind: 'seen', count: 98, last: drop },
  { ...at, kind: 'lost', count: 4 },
  {
    ...at,
    kind: 'device',
    count: 5,
    sampled: 5,
    passage: { way: 'in', device: 'eth0', sender: 'veth1', port: null },
    drop,
  },
  {
    ...at,
    kind: 'device',
    count: 5,
    sampled: 5,
    passage: { way: 'in', device: 'eth1', sender: null, port: null },
    drop,
  },
  {
    ...at,
    kind: 'device',
    count: 2,
    sampled: 9,
    passage: { way: 'in', device: 'eth1', sender: null, port: null },
    drop,
  },
];

describe('what a watch told in all', () => {
  it('adds up drops, and what was lost or left out', () => {
    expect(watchTally(told)).toEqual({
      ...{
        by: 'trace',
        drops: [
          ['NETFILTER_DROP in nft_do_chain', 198],
          ['no reason', 2],
        ],
        devices: [
          ['in eth1', 2],
          ['in eth0 from veth1', 1],
        ],
        connects: 0,
      },
      ...{ lost: 7, unlisted: 5, less: ['opened'] },
    });
  });

  it('says why it did not trace', () => {
    expect(watchTally([{ ...at, kind: 'begin', by: 'sample', why: 'this kernel has no tracefs' }]).by).toBe(
      'sample: this kernel has no tracefs',
    );
    expect(watchTally([]).by).toBeNull();
  });
});

describe('what the kernel counts', () => {
  it('takes a value of /proc/net/snmp by its name', () => {
    const text = 'Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: MaxConn ActiveOpens PassiveOpens\nTcp: -1 12 345\n';
    expect(snmpValue(text, 'Tcp', 'PassiveOpens')).toBe(345);
    expect(snmpValue(text, 'Tcp', 'Nonsense')).toBeNaN();
    expect(snmpValue('', 'Tcp', 'PassiveOpens')).toBeNaN();
  });

  it('counts the packets of DROP rules alone', () => {
    const text = [
      '*filter',
      ':INPUT ACCEPT [7:420]',
      '[41:1189] -A INPUT -p udp -m udp --dport 9 -j DROP',
      '[9:540] -A INPUT -p tcp -j ACCEPT',
      '[1:29] -A INPUT -p udp -m udp --dport 10 -j DROP',
      'COMMIT',
    ].join('\n');
    expect(droppedByRules(text)).toBe(42);
  });

  it('takes the time of a cgroup', () => {
    expect(ranSeconds('usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\n')).toBe(1.5);
    expect(ranSeconds('')).toBeNaN();
  });

  it('takes for work what is neither idle nor waiting for a disk', () => {
    expect(busySeconds('cpu  100 20 300 9000 800 5 25 50 40 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n')).toBe(5);
  });
});

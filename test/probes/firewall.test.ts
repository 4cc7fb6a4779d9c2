import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DropRules } from '../../src/facts/firewall/drop-rules.ts';
import type { ForwardChains } from '../../src/facts/firewall/forward-chains.ts';
import { dropRulesNode } from '../../src/probes/firewall/drop-rules.node.ts';
import { forwardChainsNode } from '../../src/probes/firewall/forward-chains.node.ts';
import { firewallRules } from '../../src/probes/firewall/rules-read.ts';
import { collect, needRoot, shells, tempDir } from '../transports/collector/run-program.ts';
import { none, said, told } from './raws.ts';

let namespace = '';
let count = 0;

const inside = (script: string): string => {
  const done = spawnSync('ip', ['netns', 'exec', namespace, 'sh', '-e', '-s'], { input: script, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout;
};

beforeEach(() => {
  needRoot();
  namespace = `nd-fw-${process.pid}-${count++}`;
  spawnSync('ip', ['netns', 'add', namespace]);
  inside('ip link set lo up');
});
afterEach(() => {
  spawnSync('ip', ['netns', 'del', namespace]);
});

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
/** Every awk of this machine: mawk and busybox's are on Debian, the others where somebody installed them. */
const awks = ['mawk', 'busybox', 'gawk', 'original-awk'].filter(
  (name) => name === 'mawk' || name === 'busybox' || where(name) !== '',
);
const engines = shells.flatMap(([name, argv]) =>
  (name === 'dash' ? awks : name === 'bash' ? ['mawk'] : ['busybox']).map((awk) => ({ awk, name, argv })),
);

/** Something that the first rule drops, all the while. */
const traffic = `
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print(1, flush=True)
while True:
    s.sendto(b"x", ("127.0.0.1", 7))
    time.sleep(0.05)
`;
const read = async (argv: readonly string[], awk: string, windowSeconds = 0) => {
  const bin = tempDir();
  mkdirSync(join(bin, 'x'));
  symlinkSync(where(awk), join(bin, 'x/awk'));
  const c = await collect([firewallRules], {
    argv: ['ip', 'netns', 'exec', namespace, ...argv],
    windowSeconds,
    env: { PATH: `${join(bin, 'x')}:${process.env.PATH}` },
  });
  expect(c.end.complete).toBe(true);
  const rules = c.raws.get(firewallRules.id) ?? none();
  return { drops: dropRulesNode.parse({ rules }), forward: forwardChainsNode.parse({ rules }) };
};

const all = `
iptables-legacy -A INPUT -p udp --dport 7 -m comment --comment 'a	"b" $(c)' -j DROP
iptables-legacy -P FORWARD DROP
iptables-legacy -A FORWARD -j FLANNEL 2>/dev/null || { iptables-legacy -N FLANNEL; iptables-legacy -A FORWARD -j FLANNEL; }
iptables-legacy -A FLANNEL -s 10.244.0.0/16 -j ACCEPT
iptables-nft -N LOOP
iptables-nft -A INPUT -j LOOP
iptables-nft -A LOOP -p udp --dport 9 -j REJECT
iptables-nft -A FORWARD -m comment --comment "all of it" -j REJECT
iptables-nft -P OUTPUT DROP
iptables-nft -A OUTPUT -j ACCEPT
nft -f - <<'end'
table inet hard {
  counter spam { }
  set bad { type ipv4_addr; elements = { 10.66.0.1, 10.66.0.2 } }
  map verdicts { type inet_service : verdict; elements = { 1 : drop } }
  chain in {
    type filter hook input priority 10; policy drop;
    comment "what to drop"
    iifname "lo" tcp dport 25 counter name "spam" drop comment "drop it"
    counter ip saddr @bad drop
    tcp dport vmap { 22 : accept, 23 : drop }
    udp dport 53 log prefix "drop " counter reject with icmpx admin-prohibited
    jump dropper
    accept
  }
  chain dropper { ct state invalid drop; }
  chain passing {
    type filter hook forward priority 10; policy accept;
    jump more
    counter drop
  }
  chain more { ct state established,related accept; }
}
end
`;

describe.each(engines)('$name with awk of $awk', ({ argv, awk }) => {
  it('tells what drops, of all three kinds, each rule once', async () => {
    inside(all);
    const sender = spawn('ip', ['netns', 'exec', namespace, 'python3', '-c', traffic], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(sender.stdout, 'data');
    const { drops, forward } = await read(argv, awk, 0.5).finally(() => sender.kill('SIGKILL'));
    expect(drops.ok && drops.value.blind).toEqual([]);
    const rules = drops.ok ? drops.value.rules : [];
    expect(
      rules.map((r) => `${r.tool} ${r.family} ${r.table} ${r.chain} ${r.packets ?? '-'} ${r.text}`).sort(),
    ).toEqual([
      'iptables-legacy ip filter FORWARD 0 :FORWARD DROP',
      expect.stringMatching(
        /^iptables-legacy ip filter INPUT [1-9]\d* -A INPUT -p udp -m udp --dport 7 -m comment --comment "a\t\\"b\\" \$\(c\)" -j DROP$/,
      ),
      'iptables-nft ip filter FORWARD 0 -A FORWARD -m comment --comment "all of it" -j REJECT --reject-with icmp-port-unreachable',
      'iptables-nft ip filter LOOP 0 -A LOOP -p udp -m udp --dport 9 -j REJECT --reject-with icmp-port-unreachable',
      'iptables-nft ip filter OUTPUT - :OUTPUT DROP',
      'nft inet hard dropper - ct state invalid drop',
      'nft inet hard in - counter ip saddr @bad drop',
      'nft inet hard in - tcp dport vmap { 22 : accept, 23 : drop }',
      'nft inet hard in - type filter hook input priority filter + 10; policy drop;',
      'nft inet hard in 0 iifname "lo" tcp dport 25 counter name "spam" drop comment "drop it"',
      'nft inet hard in 0 udp dport 53 log prefix "drop " counter reject with icmpx admin-prohibited',
      'nft inet hard passing 0 counter drop',
    ]);
    expect(rules.filter((r) => (r.risen ?? 0) > 0).map((r) => r.match?.destinationPorts)).toEqual([[[7, 7]]]);
    expect(told(forward)).toMatchObject({
      blind: [],
      cut: false,
      chains: [
        { tool: 'iptables-legacy', family: 'ip', policy: 'DROP', rules: [{ chain: 'FORWARD' }, { chain: 'FLANNEL' }] },
        { tool: 'iptables-nft', family: 'ip', policy: 'ACCEPT', rules: [{ match: { verdict: 'REJECT' } }] },
        {
          tool: 'nft',
          family: 'inet',
          chain: 'passing',
          policy: 'ACCEPT',
          rules: [{}, { match: { verdict: 'DROP' } }, { chain: 'more' }],
        },
      ],
    });
  });

  it('asks nothing that makes a table where there is none', async () => {
    const { drops, forward } = await read(argv, awk, 0.1);
    expect(told(drops)).toMatchObject({ rules: [], seen: ['nft'], blind: [] });
    expect(told(forward)).toEqual({ chains: [], blind: [], cut: false });
    expect(inside('cat /proc/net/ip_tables_names; nft list ruleset')).toBe('');
  });

  it('tells of many rules those that dropped, and that it is not all', async () => {
    const many = Array.from(
      { length: 700 },
      (_, i) => `[${i < 650 ? 0 : 5}:0] -A INPUT -p tcp --dport ${i + 1} -j DROP`,
    );
    inside(`iptables-nft-restore -c <<'end'\n*filter\n:INPUT ACCEPT [0:0]\n${many.join('\n')}\nCOMMIT\nend`);
    const { drops } = await read(argv, awk, 0.1);
    const rules = drops.ok ? drops.value.rules : [];
    expect(rules).toHaveLength(500);
    expect(rules.filter((r) => r.packets === 5)).toHaveLength(50);
    expect(drops.ok && drops.value.cut).toBe(false);
  });
});

describe('two looks', () => {
  const rule = (packets: number | '-', text = '-A INPUT -j DROP'): string =>
    `rule\tlegacy ip\tfilter\tINPUT\t${packets}\t${text}`;
  const both = (a: readonly string[], b: readonly string[]): unknown => {
    const reading = dropRulesNode.parse({ rules: said([...a, 'end'].join('\n'), [...b, 'end'].join('\n')) });
    return reading.ok ? (reading.value as DropRules).rules.map((r) => r.risen) : told(reading);
  };
  it.each([
    ['it rose', [rule(5)], [rule(7)], [2]],
    ['it stood still', [rule(5)], [rule(5)], [0]],
    ['it was made anew', [rule(5)], [rule(2)], [2]],
    ['it is new', [], [rule(2)], [2]],
    ['it may be new, but the first look was not whole', ['cut'], [rule(2)], [null]],
    ['the first look was blind', ['blind\tlegacy ip\tx'], [rule(2)], [null]],
    ['it has no counter', [rule('-')], [rule('-')], [null]],
    ['the same rule twice', [rule(1), rule(2)], [rule(1), rule(6)], [4]],
  ] as const)('%s', (_, a, b, want) => expect(both(a, b)).toEqual(want));

  it('gaps', () => {
    expect(told(dropRulesNode.parse({ rules: said('end') }))).toMatch(/^not-chosen/);
    expect(told(dropRulesNode.parse({ rules: none('timeout') }))).toMatch(/^timeout/);
    expect(told(dropRulesNode.parse({ rules: said('', 'end') }))).toMatch(/^truncated/);
    expect(told(dropRulesNode.parse({ rules: said('end', '') }))).toMatch(/^truncated/);
    expect(told(forwardChainsNode.parse({ rules: none('timeout') }))).toMatch(/^timeout/);
    expect(told(forwardChainsNode.parse({ rules: said('') }))).toMatch(/^truncated/);
    const whole: ForwardChains = { chains: [], blind: [], cut: false };
    expect(told(forwardChainsNode.parse({ rules: said('end') }))).toEqual(whole);
  });
});

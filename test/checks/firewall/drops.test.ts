import { drops } from '../../../src/checks/firewall/drops.ts';
import { type DropRule, type DropRules, dropRules } from '../../../src/facts/firewall/drop-rules.ts';
import { type Space, spaces } from '../../../src/facts/network/spaces.ts';
import { type Unanswered, unanswered } from '../../../src/facts/sockets/unanswered.ts';
import { pods } from '../../../src/facts/workloads/pods.ts';
import { anyPacket } from '../../../src/parsers/any-packet.ts';
import { parseIptablesMatch } from '../../../src/parsers/iptables-match.ts';
import { parseNftRule } from '../../../src/parsers/nft-rule.ts';
import { ruleWords } from '../../../src/parsers/rule-words.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const iptables = (text: string, more: Partial<DropRule> = {}): DropRule => ({
  backend: 'iptables-nft',
  family: 'ip',
  table: 'filter',
  chain: text.split(' ')[1] ?? '',
  tool: 'iptables-nft',
  policy: false,
  text,
  words: ruleWords(text),
  handle: null,
  match: parseIptablesMatch(text),
  packets: 0,
  risen: 0,
  ...more,
});
const nft = (text: string, more: Partial<DropRule> = {}): DropRule => ({
  ...iptables(`-A input`),
  backend: 'nft',
  family: 'inet',
  tool: 'nft',
  text,
  words: null,
  handle: '7',
  match: parseNftRule(text),
  ...more,
});
const found = (rules: readonly DropRule[], more: Partial<DropRules> = {}) =>
  given(dropRules, { seconds: 2, rules, seen: ['iptables-nft ip'], blind: [], cut: false, hints: [], ...more });
const host: Space = { id: '1', host: true, pid: 1, process: 'systemd', podUid: null, containerId: null };
const syn: Unanswered = {
  space: '1',
  source: { ip: '10.0.0.5', port: 40000 },
  destination: { ip: '10.0.0.9', port: 443 },
};
const who = [given(spaces, [host]), gap(pods, 'not-chosen')];
const waiting = [given(unanswered, { flows: [syn], unseenSpaces: 0 }), ...who];
const policy = (chain: string, more: Partial<DropRule> = {}) =>
  iptables(`:${chain} DROP`, { chain, policy: true, match: null, words: null, packets: null, risen: null, ...more });

testCheck(drops, [
  {
    name: 'a rule of nobody known drops what waits; what its comment holds does no harm in a shell',
    facts: [
      found([
        iptables('-A OUTPUT -d 10.0.0.0/24 -p tcp -m tcp --dport 443 -m comment --comment "a $(b) `c`" -j DROP', {
          packets: 9,
          risen: 4,
        }),
      ]),
      ...waiting,
    ],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'drops-flow',
      message:
        /^A firewall rule of nobody known dropped 4 packets within 2\.0 s, and the node waits for an answer from 10\.0\.0\.9 port 443, which it matches: iptables-nft -t filter -A OUTPUT/,
      data: { packets: 4, owner: null },
      now: [
        "iptables-nft -t filter -D OUTPUT -d 10.0.0.0/24 -p tcp -m tcp --dport 443 -m comment --comment 'a $(b) `c`' -j DROP",
      ],
    },
  },
  {
    name: 'a rule of nft',
    facts: [
      found([nft('ip daddr 10.0.0.9 tcp dport { 80, 443 } ct state new counter drop', { packets: 3, risen: 3 })]),
      ...waiting,
    ],
    expect: { status: 'fail', severity: 'error', now: ['nft delete rule inet filter input handle 7'] },
  },
  {
    name: 'a rule without a handle, from a list that was cut',
    facts: [found([nft('ip daddr 10.0.0.9 counter drop', { risen: 3, handle: null })]), ...waiting],
    expect: {
      status: 'fail',
      severity: 'error',
      message: /nft add rule inet filter input ip daddr 10\.0\.0\.9 counter drop$/,
    },
  },
  {
    name: "a NetworkPolicy's rule drops what waits: nothing to take away",
    facts: [
      found([
        iptables('-A KUBE-POD-FW-ABC -d 10.0.0.9/32 -p tcp -m tcp --sport 1024:65535 --dport 443 -j DROP', {
          risen: 2,
        }),
      ]),
      ...waiting,
    ],
    expect: {
      status: 'fail',
      severity: 'error',
      message: /of a NetworkPolicy \(kube-router\)/,
      data: { owner: 'kube-router' },
    },
  },
  ...(
    [
      ['another port', '-A OUTPUT -p tcp -m tcp --dport 444 -j DROP'],
      ['another source port', '-A OUTPUT -p tcp -m tcp --sport 1:1023 --dport 443 -j DROP'],
      ['another address', '-A OUTPUT -d 10.0.1.0/24 -j DROP'],
      ['another source', '-A OUTPUT -s 10.0.1.0/24 -p tcp --dport 443 -j DROP'],
      ['another protocol', '-A OUTPUT -d 10.0.0.9/32 -p udp -j DROP'],
      ['replies only', '-A OUTPUT -d 10.0.0.9/32 -m conntrack --ctstate INVALID -j DROP'],
      ['a mark', '-A OUTPUT -d 10.0.0.9/32 -m mark --mark 0x1 -j DROP'],
      ['a condition that is not known', '-A OUTPUT -d 10.0.0.9/32 -m set --match-set x src -j DROP'],
      ['neither address nor port', '-A OUTPUT -p tcp -j DROP'],
      ['what is rejected does not wait', '-A OUTPUT -d 10.0.0.9/32 -j REJECT --reject-with icmp-port-unreachable'],
      ['at this port of INPUT others knock', '-A INPUT -p tcp -m tcp --dport 443 -j DROP'],
      ['the node does not forward its own', '-A FORWARD -d 10.0.0.9/32 -p tcp -m tcp --dport 443 -j DROP'],
      ['a port in a chain that may not be on its way', '-A MINE -p tcp -m tcp --dport 443 -j DROP'],
      ['a whole network', '-A OUTPUT -d 10.0.0.0/24 -j DROP'],
    ] as const
  ).map(([name, rule]) => ({
    name: `${name}: a note`,
    facts: [found([iptables(rule, { risen: 5 })]), ...waiting],
    expect: { status: 'fail', severity: 'info', messageId: 'dropped' } as const,
  })),
  {
    name: 'the other family: a note',
    facts: [found([iptables('-A OUTPUT -p tcp --dport 443 -j DROP', { family: 'ip6', risen: 5 })]), ...waiting],
    expect: { status: 'fail', severity: 'info' },
  },
  {
    name: 'the node connects to itself',
    facts: [
      found([iptables('-A INPUT -p tcp -m tcp --dport 443 -j DROP', { risen: 5 })]),
      given(unanswered, { flows: [{ ...syn, destination: { ip: '127.0.0.1', port: 443 } }], unseenSpaces: 0 }),
      ...who,
    ],
    expect: { status: 'fail', severity: 'error' },
  },
  {
    name: 'nothing waits where there was time to look: a note',
    facts: [
      found([iptables('-A OUTPUT -p tcp --dport 443 -j DROP', { risen: 5 })]),
      given(unanswered, { flows: [], unseenSpaces: 17 }),
      ...who,
    ],
    expect: { status: 'fail', severity: 'info', message: /in 17 network namespaces there was no time to look/ },
  },
  {
    name: 'a pod connects through the node',
    facts: [
      found([iptables('-A FORWARD -p tcp -m tcp --dport 443 -j DROP', { risen: 5 })]),
      given(unanswered, { flows: [{ ...syn, space: '2' }], unseenSpaces: 0 }),
      ...who,
    ],
    expect: { status: 'fail', severity: 'error', message: /a network namespace that is gone by now waits/ },
  },
  {
    name: 'whose network namespaces these are is not known: a note',
    facts: [
      found([iptables('-A OUTPUT -d 10.0.0.9/32 -j DROP', { risen: 5 })]),
      given(unanswered, { flows: [syn], unseenSpaces: 0 }),
      gap(spaces),
      gap(pods),
    ],
    expect: { status: 'fail', severity: 'info', message: /which connections wait for an answer is not known/ },
  },
  {
    name: 'many that rose, most first, and what waits is not known',
    facts: [
      found(
        [
          iptables('-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP', { risen: 1 }),
          iptables('-A cali-tw-x -j DROP', { risen: 7 }),
          policy('INPUT', { backend: 'legacy', tool: 'iptables-legacy', packets: 9, risen: 9 }),
          nft('counter drop', { table: 'f2b-table', risen: 2 }),
        ],
        { blind: ['ip6tables-nft-save: no answer within 5 s (exit 137)'], cut: true },
      ),
      gap(unanswered),
      ...who,
    ],
    expect: {
      status: 'fail',
      severity: 'info',
      message:
        /^4 firewall rules dropped packets within 2\.0 s: 9 by iptables-legacy -t filter -P INPUT DROP \(of nobody known\); 7 by .* \(of a NetworkPolicy \(Calico\)\); 2 by .*fail2ban\); …\..* Not seen: ip6tables-nft-save: no answer within 5 s \(exit 137\); there are more than 500/,
      data: { rules: [{ owner: null }, { owner: 'Calico' }, { owner: 'fail2ban' }, { owner: 'kube-proxy' }] },
    },
  },
  {
    name: 'none rose',
    facts: [found([iptables('-A INPUT -j DROP', { packets: 70 })])],
    expect: { status: 'pass', message: /^1 rules that drop counted nothing within 2\.0 s$/ },
  },
  {
    name: 'rules of known programs without counters, and policies of forwarded packets',
    facts: [
      found(
        [
          nft('reject', { table: 'kube-proxy', chain: 'reject-chain', packets: null, risen: null }),
          nft('reject with icmpx admin-prohibited', { table: 'firewalld', packets: null, risen: null }),
          nft('drop comment "cali:abc"', { packets: null, risen: null, match: anyPacket }),
          policy('FORWARD'),
          policy('INPUT'),
          policy('INPUT', { family: 'ip6' }),
          nft('type filter hook forward priority filter; policy drop;', { policy: true, packets: null, risen: null }),
        ],
        { hints: ['ip filter ufw-before-input', 'ip6 filter INPUT_direct'] },
      ),
    ],
    expect: { status: 'pass', message: /7 of known programs have no counters$/ },
  },
  {
    name: 'a rule of nobody known without a counter',
    facts: [found([nft('tcp dport 25 drop', { packets: null, risen: null })])],
    expect: {
      status: 'unknown',
      message: /nft add rule inet filter input tcp dport 25 drop may drop packets and has no counter/,
    },
  },
  {
    name: 'two policies of nobody known without counters; Docker owns that of FORWARD only',
    facts: [
      found(
        [
          policy('INPUT'),
          nft('type filter hook input priority filter; policy drop;', { policy: true, packets: null, risen: null }),
        ],
        { hints: ['ip filter DOCKER'] },
      ),
    ],
    expect: { status: 'unknown', message: /-P INPUT DROP and 1 more may drop packets and have no counter/ },
  },
  {
    name: 'not all could be looked at',
    facts: [found([], { blind: ['nft: not found (exit 127)'] })],
    expect: { status: 'unknown', message: /nft: not found/ },
  },
  {
    name: 'more than were told',
    facts: [found([], { cut: true })],
    expect: { status: 'unknown', message: /more than 500/ },
  },
  {
    name: 'no tables at all',
    facts: [found([], { seen: [] })],
    expect: { status: 'not-applicable' },
  },
  {
    name: 'one sample only',
    facts: [gap(dropRules, 'not-chosen')],
    expect: { status: 'skipped' },
  },
  {
    name: 'the rules could not be read',
    facts: [gap(dropRules, 'timeout')],
    expect: { status: 'unknown' },
  },
]);

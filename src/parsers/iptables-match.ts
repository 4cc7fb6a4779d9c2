import type { RuleMatch } from '../facts/firewall/rule-match.ts';
import { anyPacket } from './any-packet.ts';
import { cidr } from './cidr.ts';
import { portSet } from './port-set.ts';
import { ruleWords } from './rule-words.ts';

type Part = Partial<RuleMatch>;

/** What is not understood makes the rule `other`. */
const other: Part = { other: true };

/** Modules that only hold options which are understood below, or say nothing about packets. */
const plain = new Set(['comment', 'tcp', 'udp', 'sctp', 'multiport', 'conntrack', 'state', 'mark']);

const networks = (text: string, part: (list: string[]) => Part): Part => {
  const found = text.split(',').map(cidr);
  return found.includes(null) ? other : part(found.filter((c) => c !== null));
};

const target = (name: string): Part =>
  name === 'ACCEPT' || name === 'DROP' || name === 'REJECT' ? { verdict: name } : { jump: name };

const sourcePorts = (v: string): Part => ({ sourcePorts: portSet(v), other: portSet(v) === null });
const destinationPorts = (v: string): Part => ({ destinationPorts: portSet(v), other: portSet(v) === null });

/** What each option with one value says. */
const options = new Map<string, (value: string) => Part>([
  ['-p', (protocol) => ({ protocol })],
  ['-s', (v) => networks(v, (source) => ({ source }))],
  ['-d', (v) => networks(v, (destination) => ({ destination }))],
  ['-i', (inInterface) => ({ inInterface })],
  ['-o', (outInterface) => ({ outInterface })],
  ['-m', (v) => (plain.has(v) ? {} : other)],
  ['--comment', () => ({})],
  ['--reject-with', () => ({})],
  ['--sport', sourcePorts],
  ['--sports', sourcePorts],
  ['--dport', destinationPorts],
  ['--dports', destinationPorts],
  ['--ctstate', (v) => ({ states: v.split(',') })],
  ['--state', (v) => ({ states: v.split(',') })],
  ['--mark', (mark) => ({ mark })],
  ['-j', target],
  ['-g', target],
]);

/** Understands a rule of iptables-save, "-A CHAIN …"; null if it is none. */
export const parseIptablesMatch = (text: string): RuleMatch | null => {
  const words = ruleWords(text);
  if (words?.[0] !== '-A' || words[1] === undefined) return null;
  let match = anyPacket;
  for (let i = 2; i < words.length; i++) {
    const negated = words[i] === '!';
    if (negated) i += 1;
    const name = words[i] ?? '';
    // the first packet of a connection, at which one looks here
    if (name === '--tcp-flags' && words[i + 2] === 'SYN' && !negated) {
      i += 2;
      continue;
    }
    const option = options.get(name);
    if (option) i += 1;
    const part = option && !negated ? option(words[i] ?? '') : other;
    match = { ...match, ...part, other: match.other || part.other === true };
  }
  return match;
};

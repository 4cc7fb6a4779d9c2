import type { RuleMatch } from '../facts/firewall/rule-match.ts';
import { anyPacket } from './any-packet.ts';
import { cidr } from './cidr.ts';
import { portSet } from './port-set.ts';

type Part = Partial<RuleMatch>;

/** What is not understood makes the rule `other`. */
const other: Part = { other: true };

const value = String.raw`(?!vmap |!= )(\{[^{}]*\}|"[^"]*"|[^\s{}]+)`;
const listOf = (text: string): string[] =>
  text
    .replaceAll(/[{}"]/g, '')
    .split(',')
    .map((t) => t.trim())
    .filter((t) => t !== '');

const networks = (text: string, part: (list: string[]) => Part): Part => {
  const found = listOf(text).map(cidr);
  return found.length === 0 || found.includes(null) ? other : part(found.filter((c) => c !== null));
};

const ports = (protocol: string, text: string, part: (list: RuleMatch['sourcePorts']) => Part): Part => {
  const found = portSet(listOf(text).join(','));
  return { ...(protocol === 'th' ? {} : { protocol }), ...part(found), other: found === null };
};

const verdicts: Readonly<Record<string, RuleMatch['verdict']>> = { accept: 'ACCEPT', drop: 'DROP', reject: 'REJECT' };
const hex = (text: string): string => `0x${Number(text).toString(16)}`;

/** Each statement at the beginning of a text, and what it says. */
const statements: readonly (readonly [RegExp, (a: string, b: string) => Part])[] = [
  [/^comment "[^"]*"/, () => ({})],
  [/^counter packets \d+ bytes \d+/, () => ({})],
  [/^counter name (?:"[^"]*"|\S+)/, () => ({})],
  [/^counter(?=\s|$)/, () => ({})],
  [/^log(?: prefix "[^"]*"| level \w+| flags (?:(?:tcp|ip) [a-z,]+|[a-z]+)| group \d+)*(?=\s|$)/, () => ({})],
  [new RegExp(`^ip6? saddr ${value}`), (v) => networks(v, (source) => ({ source }))],
  [new RegExp(`^ip6? daddr ${value}`), (v) => networks(v, (destination) => ({ destination }))],
  [new RegExp(`^(tcp|udp|sctp|th) dport ${value}`), (p, v) => ports(p, v, (l) => ({ destinationPorts: l }))],
  [new RegExp(`^(tcp|udp|sctp|th) sport ${value}`), (p, v) => ports(p, v, (l) => ({ sourcePorts: l }))],
  [/^(?:meta l4proto|ip protocol|ip6 nexthdr) (\w+)(?=\s|$)/, (protocol) => ({ protocol })],
  [/^iif(?:name)? "([^"]*)"/, (inInterface) => ({ inInterface })],
  [/^oif(?:name)? "([^"]*)"/, (outInterface) => ({ outInterface })],
  [new RegExp(`^ct state ${value}`), (v) => ({ states: listOf(v).map((s) => s.toUpperCase()) })],
  [/^meta mark & (0x[0-9a-f]+) == (0x[0-9a-f]+)/, (mask, v) => ({ mark: `${hex(v)}/${hex(mask)}` })],
  [/^(?:meta )?mark (0x[0-9a-f]+)/, (mark) => ({ mark })],
  [/^(?:jump|goto) (\S+)/, (jump) => ({ jump })],
  [/^reject with (?:tcp reset|icmp(?:x|v6)?(?: type)? [a-z-]+)/, () => ({ verdict: 'REJECT' })],
  [/^(accept|drop|reject)(?=\s|$)/, (v) => ({ verdict: verdicts[v] ?? null })],
  // a map of verdicts
  [/^vmap \{[^{}]*: accept[^{}]*\}/, () => ({ verdict: 'ACCEPT', other: true })],
  [/^(?:"[^"]*"|\{[^{}]*\}|[^\s"{]+|[\s\S])/, () => other],
];

/** Understands a rule as `nft list ruleset` prints it, without its handle. What it does not know makes the rule `other`. */
export const parseNftRule = (text: string): RuleMatch => {
  let match = anyPacket;
  let rest = text.trim();
  while (rest !== '') {
    const [found] = statements.flatMap(([re, says]) => {
      const m = re.exec(rest);
      return m ? [{ part: says(m[1] ?? '', m[2] ?? ''), length: m[0].length }] : [];
    });
    const { part, length } = found ?? { part: other, length: 1 };
    match = { ...match, ...part, other: match.other || part.other === true };
    rest = rest.slice(length).trimStart();
  }
  return match;
};

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIptablesRule } from '../../src/parsers/iptables-rule.ts';
import { expectTotal } from './fuzz.ts';

describe('a rule', () => {
  it.each([
    ['-A KUBE-FIREWALL -j DROP', 'KUBE-FIREWALL', ['-j', 'DROP']],
    ['-A INPUT', 'INPUT', []],
    [
      '-A KUBE-FIREWALL -m comment --comment "block \\"local\\" -j ACCEPT" -j DROP',
      'KUBE-FIREWALL',
      ['-m', 'comment', '--comment', 'block "local" -j ACCEPT', '-j', 'DROP'],
    ],
    ['-A X --comment "" -j DROP', 'X', ['--comment', '', '-j', 'DROP']],
  ])('%s', (line, chain, words) => expect(parseIptablesRule(line)).toEqual({ chain, words }));
});

describe('no rule', () => {
  it.each([
    [''],
    ['*nat'],
    [':KUBE-SERVICES - [0:0]'],
    ['-A'],
    ['COMMIT'],
    ['-A X --comment "no end'],
    ['-I X -j DROP'],
    ['# -A X'],
  ])('%j', (line) => expect(parseIptablesRule(line)).toBeNull());
});

it('any text gives a rule or null', () => {
  expectTotal(
    parseIptablesRule,
    [
      '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "a:b cluster IP" -m tcp --dport 443 -j KUBE-SVC-X',
      '-A X -j DROP',
    ],
    (r) => typeof r.chain === 'string' && r.words.every((w) => typeof w === 'string'),
  );
});

it('what is printed is read again', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  const quoted = (w: string): string => `"${w.replaceAll(/["\\]/g, '\\$&')}"`;
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      expect(parseIptablesRule(['-A', 'X', ...words.map(quoted)].join(' '))).toEqual({ chain: 'X', words });
    }),
  );
});

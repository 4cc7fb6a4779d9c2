import { describe, expect, it } from 'vitest';
import { parseReachability } from '../../src/parsers/reachability.ts';
import { expectTotal, isPort } from './fuzz.ts';

const tried = (exit: string, error: string): string =>
  `row\tpod\ttcp\t10.244.2.7\t8080\t${exit}\t2\t3010\t${error}\t10.244.2.7 via 10.0.0.2 dev eth0\nwhole\n`;

describe('the table of what answers', () => {
  it('has its rows by kind and address, and by what they were tried', () => {
    const text = [
      'by\ttcp\tbusybox nc -w 3 ADDRESS PORT -e true',
      'by\tudp\tbusybox nslookup',
      'unknown\tapi-vip\tno rule',
      'row\tkubelet\ttcp\t10.0.0.5\t10250\t0\t1\t10\t\t',
      'row\tdns-vip\tudp\t10.96.0.10\t53\t0\t1\t20\t\t',
      'row\tdns-vip\ttcp\tfd00::10\t53\t0\t1\t20\t\t',
      'whole',
      '',
    ].join('\n');
    const found = parseReachability(text);
    expect(found?.by).toEqual({ tcp: 'busybox nc -w 3 ADDRESS PORT -e true', udp: 'busybox nslookup' });
    expect(found?.notKnown).toEqual([{ kind: 'api-vip', why: 'no rule' }]);
    expect(found?.rows.map((r) => `${r.kind} ${r.address} ${r.port} ${r.protocol} ${r.result} ${r.ms}`)).toEqual([
      'dns-vip 10.96.0.10 53 UDP answers 20',
      'dns-vip fd00::10 53 TCP answers 20',
      'kubelet 10.0.0.5 10250 TCP answers 10',
    ]);
  });

  it.each([
    ['0', '', 'answers'],
    ['1', "nc: can't connect to remote host (10.0.0.1): Connection refused", 'refused'],
    ['1', 'nslookup: read: Connection refused ;; connection timed out; no servers could be reached', 'refused'],
    ['1', 'nc: timed out', 'timeout'],
    ['1', ';; connection timed out; no servers could be reached', 'timeout'],
    ['137', 'no answer within 3 s', 'timeout'],
    ['137', '', 'timeout'],
    ['1', 'bash: connect: No route to host', 'unreachable'],
    ['1', "nc: can't connect to remote host (240.0.0.1): Network is unreachable", 'unreachable'],
    ['1', 'sendto: Operation not permitted', 'failed'],
    ['1', "nc: bad address 'api.example'", 'untested'],
    ['127', 'bash: not found', 'untested'],
  ])('exit status %s, "%s": %s', (exit, error, result) => {
    expect(parseReachability(tried(exit, error))?.rows).toMatchObject([
      { result, error, tries: 2, ms: 3010, route: '10.244.2.7 via 10.0.0.2 dev eth0' },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['without its last line', tried('0', '').replace('whole\n', '')],
    ['of another kind', tried('0', '').replace('pod', 'moon')],
    ['of another protocol', tried('0', '').replace('tcp', 'sctp')],
    ['a port that is none', tried('0', '').replace('8080', '80800')],
    ['no port', tried('0', '').replace('8080', '0')],
    ['an address that is none', tried('0', '').replace('10.244.2.7\t', '10.244.2.7 x\t')],
    ['an exit status that is none', tried('zero', '')],
    ['another line', `hello\n${tried('0', '')}`],
    ['a reason for a kind that is none', `unknown\tmoon\tnight\n${tried('0', '')}`],
  ])('%s is no table', (_, text) => expect(parseReachability(text)).toBeNull());

  it('of any text', () => {
    expectTotal(
      parseReachability,
      [tried('1', 'nc: timed out'), 'by\ttcp\tnc\nunknown\tapi-vip\twhy\nwhole'],
      (found) => found.rows.every((r) => r.port > 0 && isPort(r.port) && r.tries >= 0 && r.ms >= 0),
    );
  });
});

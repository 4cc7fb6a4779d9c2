import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allChecks } from '../../src/checks/index.ts';
import type { Trace } from '../../src/core/watch.ts';
import { traceWords } from '../../src/reporters/trace-words.ts';

const source = { ip: '10.0.0.1', port: 40_000 };
const destination = { ip: '10.0.0.2', port: 80 };
const retransmit = (state: string): Trace => ({ kind: 'retransmit', source, destination, state });
const reset = (reason: string | null): Trace => ({ kind: 'reset-sent', source, destination, state: null, reason });

describe('what the trace probably tells', () => {
  it.each<[Trace, RegExp]>([
    [retransmit('SYN_SENT'), /^nobody answers there, or the answer is lost$/],
    [retransmit('ESTABLISHED'), /lost on the way, or the peer is slow or gone/],
    [retransmit('LAST_ACK'), /does not confirm the end/],
    [{ kind: 'synack-retransmit', source, destination }, /answer did not come, or the accept queue is full/],
    [{ kind: 'reset-received', source, destination }, /refused/],
    [reset('NO_SOCKET'), /nobody listens on that port/],
    [reset('TCP_STATE'), /gave the connection up/],
    [{ kind: 'udp-full', ip: null, port: 53, source: null }, /reads too slowly/],
    [{ kind: 'drop', protocol: 'IPv6', reason: 'NETFILTER_DROP', symbol: null }, /firewall rule/],
  ])('%j', (trace, want) => expect(traceWords(trace)?.probably).toMatch(want));

  it.each<[Trace]>([
    [retransmit('SYN_RECV')],
    [retransmit('constructor')],
    [reset(null)],
    [reset('OF_TOMORROW')],
    [reset('__proto__')],
    [{ kind: 'drop', protocol: 'IPv4', reason: 'OF_TOMORROW', symbol: null }],
    [{ kind: 'state', source, destination, from: 'SYN_SENT', to: 'CLOSE' }],
  ])('%j is not known, or says it itself', (trace) => expect(traceWords(trace)).toBeNull());

  it('names only checks that there are', () => {
    const ids = new Set<string>(allChecks.map((c) => c.id));
    const text = ['drop-words', 'trace-words', 'counter-words']
      .map((f) => readFileSync(`src/reporters/${f}.ts`, 'utf8'))
      .join('');
    const named = [...text.matchAll(/'([a-z-]+\/[a-z-]+)'/g)].map((m) => m[1] ?? '');
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });
});

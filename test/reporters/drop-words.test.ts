import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../src/core/watch.ts';
import { parseTraceLine } from '../../src/parsers/trace-line.ts';
import { dropWords } from '../../src/reporters/drop-words.ts';

const words = (reason: string | null, symbol: string | null = null) =>
  dropWords({ kind: 'drop', protocol: 'IPv4', reason, symbol });

describe('what a drop probably is', () => {
  it.each<[string | null, string | null, RegExp, string | null]>([
    ['NETFILTER_DROP', 'nft_do_chain', /firewall rule/, 'firewall/drops'],
    ['NETFILTER_DROP', null, /firewall rule/, 'firewall/drops'],
    ['IP_RPFILTER', null, /rp_filter/, 'kernel/reverse-path'],
    ['PKT_TOO_BIG', null, /MTU/, 'mtu/mismatch'],
    ['SOCKET_RCVBUFF', null, /receive buffer of a socket was full/, 'sockets/udp-buffer'],
    ['TCP_LISTEN_OVERFLOW', null, /accept queue/, 'sockets/accept-queue'],
    ['NEIGH_CREATEFAIL', null, /neighbour table is full/, 'kernel/neighbour-table'],
    ['NEIGH_FAILED', null, /next hop does not answer/, 'ip neigh show'],
    ['CPU_BACKLOG', null, /queue of a CPU/, 'network/softnet-drops'],
    ['NOMEM', null, /no memory/, null],
    // the reason is surer than the place
    ['PKT_TOO_BIG', 'nf_hook_slow', /MTU/, 'mtu/mismatch'],
    // kernels that give none
    [null, 'nf_hook_slow', /firewall rule/, 'firewall/drops'],
    [null, 'nf_hook_slow.part.0', /firewall rule/, 'firewall/drops'],
    ['NOT_SPECIFIED', 'nft_do_chain', /firewall rule/, 'firewall/drops'],
    [null, '__udp_queue_rcv_skb', /receive buffer/, 'sockets/udp-buffer'],
    [null, 'ip_rcv_finish', /no route .* reverse path filter/, 'kernel/reverse-path'],
  ])('%s in %s', (reason, symbol, text, see) => {
    expect(words(reason, symbol)).toEqual({ probably: expect.stringMatching(text), see, harmless: false });
  });

  it.each<[string | null, string | null]>([
    ['NO_SOCKET', 'tcp_v4_rcv'],
    ['IP_NOPROTO', null],
    ['NOT_SPECIFIED', null],
    ['NOT_SPECIFIED', 'any_place'],
    [null, '__udp4_lib_rcv'],
    [null, 'sk_stream_kill_queues'],
  ])('%s in %s is mostly no fault', (reason, symbol) => expect(words(reason, symbol)?.harmless).toBe(true));

  it.each<[string | null, string | null]>([
    ['OF_TOMORROW', 'nft_do_chain'],
    [null, null],
    [null, 'any_place'],
    ['constructor', null],
    [null, '__proto__'],
    [null, 'toString'],
  ])('%s in %s is not known', (reason, symbol) => expect(words(reason, symbol)).toBeNull());

  it('every drop that was recorded has words', () => {
    const files = readdirSync('test/raw').filter((f) => f.startsWith('trace-pipe.'));
    const drops = files.flatMap((f) =>
      readFileSync(`test/raw/${f}`, 'utf8')
        .split('\n')
        .flatMap((l): Extract<Trace, { kind: 'drop' }>[] => {
          const trace = parseTraceLine(l)?.trace;
          return trace?.kind === 'drop' ? [trace] : [];
        }),
    );
    expect(drops.length).toBeGreaterThan(10);
    expect(drops.filter((d) => dropWords(d) === null)).toEqual([]);
  });
});

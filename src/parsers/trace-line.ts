import type { Trace, Traced, WatchEnd } from '../core/watch.ts';
import { ip } from './ip.ts';

/** A name is at most 15 characters of the program's own choice, so it cannot hold what comes behind it: "-123 [000] ..s1. 1.000000: kfree_skb: ". */
const prefix = /^\s*(.{0,15}?)-(\d{1,10})\s+\[\d{1,5}\]\s+(\S{3,6})\s+(\d{1,10}\.\d{1,9}): ([a-z0-9_]+): (.*)$/;

const fieldsOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/(?:^| )([a-z0-9_]+)=(\S*)/g)].map((m) => [m[1] ?? '', m[2] ?? '']));

const port = (text: string | undefined): number | null =>
  /^\d{1,5}$/.test(text ?? '') && Number(text) <= 65_535 ? Number(text) : null;

const endOf = (address: string | undefined, portText: string | undefined): WatchEnd | null => {
  const [a, p] = [ip(address ?? ''), port(portText)];
  return a === null || p === null ? null : { ip: a, port: p };
};

/** The kernel's %pISpc: 10.0.0.1:80, [fd00::1]:80. */
const joined = (text: string | undefined): WatchEnd | null => {
  const m = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d+)$/.exec(text ?? '');
  return m ? endOf(m[1] ?? m[2], m[3]) : null;
};

const tcpState = (text: string | undefined): string | null => /^TCP_([A-Z0-9_]+)$/.exec(text ?? '')?.[1] ?? null;

const protocols: Readonly<Record<string, 'IPv4' | 'IPv6'>> = { '2048': 'IPv4', '34525': 'IPv6' };

const dropOf = (text: string): Trace | null => {
  const m = /(?:^| )protocol=(\d+) location=(\S+)(?: reason: ([A-Z0-9_]{1,60}))?$/.exec(text);
  const protocol = protocols[m?.[1] ?? ''];
  if (!m || !protocol) return null;
  // an address, or its hash, is no name: %p of kernels before 6.3
  const symbol = /^([A-Za-z_][\w.]*)\+0x[0-9a-f]+\/0x[0-9a-f]+$/.exec(m[2] ?? '')?.[1] ?? null;
  return { kind: 'drop', protocol, reason: m[3] ?? null, symbol };
};

const udpOf = (fields: ReadonlyMap<string, string>): Trace | null => {
  const destination = joined(fields.get('dest'));
  if (destination) return { kind: 'udp-full', ...destination, source: joined(fields.get('src')) };
  const p = port(fields.get('port'));
  return p === null ? null : { kind: 'udp-full', port: p, ip: null, source: null };
};

const traceOf = (event: string, text: string): Trace | null => {
  if (event === 'kfree_skb') return dropOf(text);
  const fields = fieldsOf(text);
  if (event === 'udp_fail_queue_rcv_skb') return udpOf(fields);
  // IPv4 stands in both pairs of fields, mapped in the second
  const source = endOf(fields.get('saddrv6'), fields.get('sport')) ?? joined(fields.get('src'));
  const destination = endOf(fields.get('daddrv6'), fields.get('dport')) ?? joined(fields.get('dest'));
  if (!source || !destination) return null;
  const state = tcpState(fields.get('state'));
  switch (event) {
    case 'inet_sock_set_state': {
      const [from, to] = [tcpState(fields.get('oldstate')), tcpState(fields.get('newstate'))];
      return from === null || to === null ? null : { kind: 'state', source, destination, from, to };
    }
    case 'tcp_retransmit_skb':
      return state === null ? null : { kind: 'retransmit', source, destination, state };
    case 'tcp_retransmit_synack':
      return { kind: 'synack-retransmit', source, destination };
    case 'tcp_receive_reset':
      // the socket that got it is printed as the source
      return { kind: 'reset-received', source: destination, destination: source };
    case 'tcp_send_reset':
      return {
        ...{ kind: 'reset-sent', source, destination, state },
        reason: /^[A-Z0-9_]{1,60}$/.exec(fields.get('reason') ?? '')?.[0] ?? null,
      };
    default:
      return null;
  }
};

/**
 * Understands a line of trace_pipe (kernel/trace/trace_output.c) of the tracepoints that a watch uses, as 6.1 and 6.18 print them; null for any other.
 * The third flag tells an interrupt from a process.
 */
export const parseTraceLine = (line: string): Traced | null => {
  const [, thread, threadId, flags = '', at, event = '', rest = ''] = prefix.exec(line) ?? [];
  if (thread === undefined) return null;
  const trace = traceOf(event, rest);
  if (!trace) return null;
  return { thread, threadId: Number(threadId), interrupt: flags[2] !== '.', atSeconds: Number(at), trace };
};

import type { ReachKind } from '../facts/services/reach-targets.ts';
import type { Reachability, ReachResult, ReachRow } from '../facts/services/reachability.ts';

const kinds: readonly ReachKind[] = ['api-vip', 'api-endpoint', 'dns-vip', 'dns-pod', 'pod', 'kubelet'];

const kindOf = (text: string | undefined): ReachKind | null => kinds.find((k) => k === text) ?? null;

/** By exit status and the words of nc, bash or nslookup; 127 is a program that is not there, 137 one that was ended at its limit. */
const resultOf = (exit: string, error: string): ReachResult => {
  if (exit === '0') return 'answers';
  if (exit === '127' || /bad address|not known|Temporary failure|could not resolve/i.test(error)) return 'untested';
  if (/refused/i.test(error)) return 'refused';
  if (/unreachable|no route to host/i.test(error)) return 'unreachable';
  if (exit === '137' || /timed out|no answer within/i.test(error)) return 'timeout';
  return 'failed';
};

const rowOf = (line: string): ReachRow | null => {
  const [, kindText, protocol, address = '', port = '', exit = '', tries = '', ms = '', error = '', route = ''] =
    line.split('\t');
  const kind = kindOf(kindText);
  if (kind === null || !/^(tcp|udp)$/.test(protocol ?? '') || !/^[A-Za-z0-9.:-]+$/.test(address)) return null;
  if (![port, exit, tries, ms].every((n) => /^\d{1,9}$/.test(n)) || Number(port) < 1 || Number(port) > 65535)
    return null;
  return {
    kind,
    protocol: protocol === 'udp' ? 'UDP' : 'TCP',
    address,
    port: Number(port),
    result: resultOf(exit, error),
    tries: Number(tries),
    ms: Number(ms),
    error,
    route,
  };
};

/** The rows as the script prints them, in any order; null where a row is none or the last line is not there. */
export const parseReachability = (text: string): Reachability | null => {
  const lines = text.split('\n').filter((l) => l !== '');
  if (lines.pop() !== 'whole') return null;
  const rows: ReachRow[] = [];
  const by = { tcp: '', udp: '' };
  const notKnown: { kind: ReachKind; why: string }[] = [];
  for (const line of lines) {
    const [tag, word, rest = ''] = line.split('\t');
    const kind = kindOf(word);
    if (tag === 'by' && (word === 'tcp' || word === 'udp')) by[word] = rest;
    else if (tag === 'unknown' && kind !== null) notKnown.push({ kind, why: rest });
    else {
      const row = tag === 'row' ? rowOf(line) : null;
      if (row === null) return null;
      rows.push(row);
    }
  }
  const order = (r: ReachRow): string => `${kinds.indexOf(r.kind)} ${r.address} ${r.port} ${r.protocol}`;
  return { rows: rows.sort((a, b) => (order(a) < order(b) ? -1 : 1)), by, notKnown };
};

import { describe, expect, it } from 'vitest';
import { concerns } from '../../src/app/concerns.ts';
import { known, missing } from '../../src/core/gap.ts';
import type { Opener, Trace, WatchEvent } from '../../src/core/watch.ts';
import type { Space } from '../../src/facts/network/spaces.ts';
import type { Pod } from '../../src/facts/workloads/pods.ts';

const pod = (name: string, ip: string, more: Partial<Pod> = {}): Pod => ({
  ...{ namespace: 'shop', name, uid: `uid-${name}`, workload: 'w', hostNetwork: false, ips: [ip], ports: [] },
  ...{ containerIds: [`id-${name}`], startedAtMs: null, restarts: 0, sysctls: {}, portRange: null, reservedPorts: [] },
  ...more,
});
const space = (id: string, more: Partial<Space> = {}): Space => ({
  ...{ id, host: false, pid: 1, process: 'pause', podUid: null, containerId: null, ...more },
});
const pods = [
  pod('web', '10.0.0.1', { ips: ['10.0.0.1', 'fd00::1'] }),
  pod('other', '10.0.0.2'),
  // a name is not enough
  { ...pod('web', '10.0.0.3'), namespace: 'shop2', uid: 'uid-3', containerIds: [] },
  pod('agent', '192.0.2.1', { hostNetwork: true, ports: [{ port: 9100, hostPort: 0, protocol: 'TCP' }] }),
];
const spaces = [
  space('1', { host: true }),
  space('2', { podUid: 'uid-web' }),
  space('3', { podUid: 'uid-other' }),
  space('4'),
];
const of = (name: string) => concerns([{ namespace: 'shop', name }], known(pods), known(spaces));
const [web, agent] = [of('web'), of('agent')];

const [own, six, other, node] = [
  { ip: '10.0.0.1', port: 8080 },
  { ip: 'fd00::1', port: 8080 },
  { ip: '10.0.0.2', port: 80 },
  { ip: '192.0.2.1', port: 40_000 },
];
const nobody: Opener = { thread: 1, pid: 1, process: 'x', containerId: null, podUid: null, unit: null };
const at = { atSeconds: 1 };
const connect = (source = node, destination = other, opener: Opener | null = null): WatchEvent => ({
  ...{
    kind: 'connect',
    outcome: 'refused',
    source,
    destination,
    opener,
    mirrors: [],
    tracked: null,
    fell: null,
    ...at,
  },
});
const seen = (last: Trace): WatchEvent => ({ kind: 'seen', count: 1, last, ...at });
const counter = (id: string): WatchEvent => ({ kind: 'counter', space: id, name: 'ListenDrops', count: 1, ...at });
const ready = (namespace: string, name: string): WatchEvent => ({
  ...{ kind: 'ready', pod: { namespace, name }, ready: true, by: null, why: null, awaySeconds: null, ...at },
});
const waiting = { kind: 'waiting', connections: 1, ...at } as const;
const mirrors = [{ client: other, virtual: node, backend: own, state: 'SYN_RECV' }];

describe('what concerns a pod', () => {
  it.each<[string, WatchEvent]>([
    ['a connect from it', connect(own)],
    ['a connect to it', connect(node, own)],
    ['by its second address', connect(node, six)],
    ['a connect of a process in it', connect(node, other, { ...nobody, podUid: 'uid-web' })],
    ['or in its container', connect(node, other, { ...nobody, containerId: 'id-web' })],
    ['an answer that went to it', { kind: 'socket', source: node, destination: other, mirrors, ...at }],
    ['a socket that waits', { kind: 'socket', source: node, destination: own, mirrors: [], ...at }],
    ['a reset', { kind: 'reset', source: own, destination: other, opener: null, ...at }],
    ['a segment', seen({ kind: 'retransmit', source: other, destination: own, state: 'ESTABLISHED' })],
    ['a full buffer', seen({ kind: 'udp-full', ...own, source: null })],
    ['what a full buffer cost it', seen({ kind: 'udp-full', ...other, source: own })],
    ['a full buffer of whom the kernel does not say', seen({ kind: 'udp-full', ip: null, port: 53, source: null })],
    ['any drop', seen({ kind: 'drop', protocol: 'IPv4', reason: null, symbol: null })],
    ['its counters', counter('2')],
    ['its listener', { ...waiting, space: '2', listener: { ip: '0.0.0.0', port: 80 } }],
    ['its readiness', ready('shop', 'web')],
    ['how the watch goes', { kind: 'lost', count: 1, ...at }],
    ['its end', { kind: 'end', why: 'time', ...at }],
  ])('%s', (_, e) => expect(web(e)).toBe(true));

  it.each<[string, WatchEvent]>([
    ['connects of others', connect()],
    ['a process of another', connect(node, other, { ...nobody, podUid: 'uid-other', containerId: 'id-other' })],
    ['a process of no pod', connect(node, other, nobody)],
    ['a pod of that name elsewhere', connect({ ip: '10.0.0.3', port: 1 })],
    ['a socket', { kind: 'socket', source: node, destination: other, mirrors: [], ...at }],
    ['a reset', { kind: 'reset', source: node, destination: other, opener: null, ...at }],
    ['a segment', seen({ kind: 'synack-retransmit', source: other, destination: node })],
    ['a full buffer', seen({ kind: 'udp-full', ...other, source: null })],
    ['counters of the node', counter('1')],
    ['of another pod', counter('3')],
    ['of no pod', counter('4')],
    ['of a network namespace that is not known', counter('5')],
    ['a listener', { ...waiting, space: '3', listener: { ip: '0.0.0.0', port: 80 } }],
    ['readiness elsewhere', ready('shop2', 'web')],
    ['names that only together look like it', ready('shop/web', '')],
  ])('%s: not', (_, e) => expect(web(e)).toBe(false));

  it('with hostNetwork: the ports that it declares, its processes, the counters of the node', () => {
    expect(agent(connect())).toBe(false);
    expect(agent(connect(other, { ...node, port: 9100 }))).toBe(true);
    expect(agent(connect(node, other, { ...nobody, podUid: 'uid-agent' }))).toBe(true);
    expect([agent(counter('1')), agent(counter('2'))]).toEqual([true, false]);
  });

  it('everything, where it cannot be told apart', () => {
    const gap = missing('forbidden', 'no rights');
    const blind = concerns([{ namespace: 'shop', name: 'web' }], gap, known(spaces));
    expect([blind(connect()), blind(counter('3')), blind(ready('shop', 'other'))]).toEqual([true, true, false]);
    const half = concerns([{ namespace: 'shop', name: 'web' }], known(pods), gap);
    expect([half(connect()), half(counter('3'))]).toEqual([false, true]);
  });
});

import { describe, expect, it } from 'vitest';
import { probeJoiner } from '../../src/app/probe-joiner.ts';
import type { WatchEvent, WatchNames } from '../../src/core/watch.ts';

const names: WatchNames = {
  serviceOf: (port) => (port >= 30_000 && port <= 32_767 ? 'shop/web' : null),
  podAt: (ip) => (ip === '10.244.1.9' ? 'shop/client' : null),
  podOf: () => null,
  spaceOf: () => null,
  strictIn: () => [],
  podBy: () => null,
};
type Connect = Extract<WatchEvent, { kind: 'connect' }>;
const destination = { ip: '10.244.1.2', port: 8080 };
const opener = { thread: 7, pid: 7, process: 'kubelet', containerId: null, podUid: null, unit: 'kubelet.service' };
const connect = (port: number, more: Partial<Connect> = {}): Connect => ({
  ...{ kind: 'connect', outcome: 'no-answer', atSeconds: 5, source: { ip: '10.244.1.1', port }, destination },
  ...{ opener, mirrors: [], tracked: null, fell: null, ...more },
});
const source = { ip: '10.244.1.1', port: 31_055 };
const mirror = { client: destination, virtual: source, backend: { ip: '10.244.2.7', port: 80 }, state: 'SYN_RECV' };
type Failed = ReturnType<ReturnType<typeof probeJoiner>['due']>[number];
const failed = (more: Partial<Failed> = {}): Failed => ({
  ...({ kind: 'probe-failed', pod: { namespace: 'shop', name: 'cart-7' }, container: 'web' } as const),
  ...({ probe: 'readiness', destination, text: 'i/o timeout', count: 1, connects: [] } as const),
  ...more,
});
const ports = (events: readonly Failed[]) => events.map((e) => e.connects.map((c) => c.source.port));

describe('the connect of a failed probe', () => {
  it('is told with its Service, and whether its answer was taken', () => {
    const joiner = probeJoiner(names);
    joiner.saw([connect(31_055, { mirrors: [mirror] })], 1000);
    joiner.failed(failed(), 1200);
    expect(joiner.due(3699)).toEqual([]);
    expect(joiner.due(3700)).toEqual([failed({ connects: [{ source, service: 'shop/web', taken: true }] })]);
    expect(joiner.due(Number.POSITIVE_INFINITY)).toEqual([]);
  });

  it.each<[string, number, readonly number[]]>([
    ['long before', 4999, []],
    ['five seconds before', 5000, [40_000]],
    ['at once', 10_000, [40_000]],
    ['two seconds after', 12_000, [40_000]],
    ['long after', 12_001, []],
  ])('seen %s', (_, at, want) => {
    const joiner = probeJoiner(names);
    const tell = (): void => joiner.saw([connect(40_000)], at);
    if (at < 10_000) tell();
    joiner.failed(failed(), 10_000);
    if (at >= 10_000) tell();
    expect(ports(joiner.due(20_000))).toEqual([want]);
  });

  it.each<[string, WatchEvent]>([
    ['refused', connect(40_000, { outcome: 'refused' })],
    ['to another port', connect(40_000, { destination: { ...destination, port: 81 } })],
    ['to another pod', connect(40_000, { destination: { ...destination, ip: '10.244.1.3' } })],
    ["a pod's, by its address", connect(40_000, { source: { ip: '10.244.1.9', port: 40_000 } })],
    ["a pod's, by its process", connect(40_000, { opener: { ...opener, podUid: 'x' } })],
    ['no connect', { kind: 'lost', count: 1, atSeconds: 5 }],
  ])('is none that was %s', (_, event) => {
    const joiner = probeJoiner(names);
    joiner.saw([event], 1000);
    joiner.failed(failed(), 1000);
    expect(ports(joiner.due(5000))).toEqual([[]]);
  });

  it('is not known where the probe has no address', () => {
    const joiner = probeJoiner(names);
    joiner.saw([connect(40_000)], 1000);
    joiner.failed(failed({ destination: null }), 1000);
    expect(ports(joiner.due(5000))).toEqual([[]]);
  });

  it('is given out once, the nearest first', () => {
    const joiner = probeJoiner(names);
    joiner.saw([connect(40_001)], 1000);
    joiner.saw([connect(40_002), connect(40_003, { opener: null })], 3000);
    joiner.failed(failed(), 3100);
    joiner.failed(failed({ probe: 'liveness' }), 3100);
    joiner.failed(failed({ probe: 'startup' }), 3100);
    joiner.failed(failed({ container: 'other' }), 3100);
    expect(ports(joiner.due(9000))).toEqual([[40_002], [40_001], [40_003], []]);
  });

  it('is one connect however often its SYN is sent again, and another if the port is used anew', () => {
    const joiner = probeJoiner(names);
    for (const at of [1000, 2000]) joiner.saw([connect(40_000, { outcome: 'waiting' })], at);
    joiner.saw([connect(40_000, { mirrors: [mirror] })], 3000);
    joiner.saw([connect(40_000)], 3500);
    joiner.failed(failed({ count: 5 }), 3600);
    const [event] = joiner.due(9000);
    expect(event?.connects.map((c) => c.taken)).toEqual([false, true]);
  });

  it('is the same when it goes on to wait after it was told', () => {
    const joiner = probeJoiner(names);
    joiner.saw([connect(40_000, { outcome: 'waiting' })], 1000);
    joiner.failed(failed(), 1000);
    expect(ports(joiner.due(4000))).toEqual([[40_000]]);
    joiner.saw([connect(40_000)], 4000);
    joiner.failed(failed(), 4100);
    expect(ports(joiner.due(8000))).toEqual([[]]);
  });

  it('is the same when its SYN is sent again long after kubelet gave up', () => {
    const joiner = probeJoiner(names);
    joiner.saw([connect(31_055, { outcome: 'waiting' })], 10_000);
    joiner.failed(failed(), 10_100);
    joiner.saw([connect(31_055, { outcome: 'waiting' })], 12_600);
    expect(ports(joiner.due(12_600))).toEqual([[31_055]]);
  });

  it('seen by looking at sockets, each second', () => {
    const joiner = probeJoiner(names);
    const socket: WatchEvent = { kind: 'socket', atSeconds: 5, source, destination, mirrors: [mirror] };
    for (const at of [1000, 2000, 3000]) joiner.saw([socket], at);
    joiner.failed(failed({ count: 3 }), 3000);
    expect(joiner.due(6000)).toMatchObject([{ connects: [{ source, service: 'shop/web', taken: true }] }]);
    joiner.saw([socket], 60_000);
    joiner.failed(failed(), 60_000);
    expect(ports(joiner.due(70_000))).toEqual([[31_055]]);
  });

  it('of several failures that are told at once may be as old as the word before', () => {
    const joiner = probeJoiner(names);
    joiner.saw([connect(40_001)], 1000);
    joiner.failed(failed(), 1000);
    joiner.due(5000);
    for (const [i, at] of [20_000, 120_000, 290_000].entries()) joiner.saw([connect(40_010 + i)], at);
    joiner.failed(failed({ count: 30 }), 300_000);
    joiner.failed(failed({ probe: 'liveness', count: 30 }), 300_000);
    expect(ports(joiner.due(310_000))).toEqual([[40_012, 40_011, 40_010], []]);
  });

  it('is forgotten after ten minutes', () => {
    const joiner = probeJoiner(names);
    joiner.saw([connect(40_001)], 0);
    joiner.saw([connect(40_002)], 600_001);
    joiner.failed(failed({ count: 30 }), 600_001);
    expect(ports(joiner.due(700_000))).toEqual([[40_002]]);
  });
});

it('counts by pod and probe what was given out', () => {
  const joiner = probeJoiner(names);
  for (const [i, port] of [31_055, 30_123, 40_000].entries()) {
    joiner.saw([connect(port)], i * 10_000);
    joiner.failed(failed({ container: i === 0 ? 'web' : null }), i * 10_000);
  }
  joiner.failed(failed({ probe: 'liveness', destination: null, count: 9 }), 30_000);
  expect(joiner.tallies()).toEqual([]);
  joiner.due(Number.POSITIVE_INFINITY);
  const pod = { namespace: 'shop', name: 'cart-7' };
  expect(joiner.tallies()).toEqual([
    { pod, probe: 'liveness', failed: 9, fromNodePort: 0, ports: [] },
    { pod, probe: 'readiness', failed: 3, fromNodePort: 2, ports: [30_123, 31_055] },
  ]);
});

it('stays small, whatever comes', () => {
  const joiner = probeJoiner(names);
  for (let i = 0; i < 5000; i++) {
    joiner.saw([connect(30_000 + (i % 2700), { source: { ip: `10.9.${i >> 8}.${i & 255}`, port: 30_000 } })], 1000);
    joiner.failed(failed({ pod: { namespace: 'shop', name: `p${i}` }, count: 9999 }), 1000);
  }
  // what is too much to be held back is told at once
  expect(joiner.due(1001)).toHaveLength(4500);
  expect(joiner.due(9000)).toHaveLength(500);
  const tallies = joiner.tallies();
  expect(tallies).toHaveLength(5000);
  expect(tallies.reduce((n, t) => n + t.fromNodePort, 0)).toBe(2000);
});

import { describe, expect, it } from 'vitest';
import type { RunContext, Source, Watcher } from '../../src/app/request.ts';
import { watchNodes } from '../../src/app/watch-nodes.ts';
import { factsTable } from '../../src/core/facts-table.ts';
import { known } from '../../src/core/gap.ts';
import { probe } from '../../src/core/probe.ts';
import { tracefs } from '../../src/facts/kernel/tracefs.ts';
import { spaces } from '../../src/facts/network/spaces.ts';
import { type Pod, pods } from '../../src/facts/workloads/pods.ts';
import { subjects } from '../../src/facts/workloads/subjects.ts';
import { at, textAt } from '../../src/lib/json.ts';
import { podOf as subjectOf } from '../support/pods.ts';
import { watchText } from '../support/watch-text.ts';
import {
  containerState,
  type FakeApiserver,
  fakeApiserver,
  type Rule,
  refuse,
} from '../transports/debug-pod/fake-apiserver.ts';
import { type PodLog, podLog } from '../transports/debug-pod/pod-log.ts';
import { eventObject, podObject } from '../transports/kube-api/list-server.ts';

type WatchRequest = Parameters<typeof watchNodes>[0];

const mode = 'mode\ttrace\tinet_sock_set_state';
const addresses = 'saddr=10.244.21.1 daddr=10.244.21.3 saddrv6=::ffff:10.244.21.1 daddrv6=::ffff:10.244.21.3';
/** A connect from port 31055 whose answer IPVS took. */
const victim = [
  `ev\t-\t215\tkubelet\t         kubelet-215     [001] ..... 16820.153285: inet_sock_set_state: family=AF_INET protocol=IPPROTO_TCP sport=31055 dport=8080 ${addresses} oldstate=TCP_SYN_SENT newstate=TCP_CLOSE`,
  'ipvs\tTCP 0AF41503 1F90 0AF41501 794F 0AF40107 0050 SYN_RECV         58',
];
const over = 'end\ttime';
const running = containerState({ running: { startedAt: 'now' } }, 'Running');

/** What the API is asked for meanwhile: there are no events, and no pods that matter. */
const nothingHappens: Rule = ({ method, url }, response) => {
  if (method !== 'GET' || !/\/(pods|events)$/.test(url.pathname) || url.searchParams.has('watch')) return false;
  response.end(JSON.stringify({ kind: 'List', metadata: { resourceVersion: '1' }, items: [] }));
  return true;
};

/** A Pod of the API. */
const apiPod = (name: string, ip: string, node = 'n1'): object => ({
  ...podObject(name, { node, metadata: { uid: `new-${name}` } }),
  status: { phase: 'Running', podIPs: [{ ip }] },
});

/** Lists these pods, each for its node. */
const podsOf =
  (...items: readonly object[]): Rule =>
  ({ method, url }, response) => {
    if (
      method !== 'GET' ||
      !/^\/api\/v1\/(namespaces\/shop\/)?pods$/.test(url.pathname) ||
      url.searchParams.has('watch')
    )
      return false;
    const node = url.searchParams.get('fieldSelector')?.replace('spec.nodeName=', '');
    const mine = items.filter((i) => at(i, 'spec', 'nodeName') === node);
    response.end(JSON.stringify({ kind: 'List', metadata: { resourceVersion: '1' }, items: mine }));
    return true;
  };

/** The nonce of the watch on a node, which is the program of a test. */
const nonceOf = (server: FakeApiserver, node = 'n1'): string =>
  textAt(
    server.made.find((pod) => at(pod, 'spec', 'nodeName') === node),
    ...['spec', 'containers', 0, 'command', 2],
  );

/** Two nodes whose pods run as soon as they are made and print these frames. */
const cluster = async (
  say: (
    node: 'n1' | 'n2',
    text: (frames: readonly (readonly string[])[], whole?: boolean) => string[],
    log: PodLog,
  ) => void,
  ...rules: readonly Rule[]
) => {
  const logs = { n1: podLog('n1'), n2: podLog('n2') };
  let server: FakeApiserver | null = null;
  const nodeOf = (body: unknown): 'n1' | 'n2' => (at(body, 'spec', 'nodeName') === 'n2' ? 'n2' : 'n1');
  const kubelet: Rule = ({ method, body }) => {
    if (method !== 'POST') return false;
    const node = nodeOf(body);
    setTimeout(() => server?.setStatus(running, node), 20);
    // the program of a test is its nonce
    const { hello, frame, end } = watchText(
      String(at(body, 'spec', 'containers', 0, 'command', 2)),
      'script:watch/events',
    );
    const text = (frames: readonly (readonly string[])[], whole = true): string[] => [
      ...[hello, ...frames.flatMap((lines, n) => frame(n, `${1000 + n}.00`, ...lines))],
      ...(whole ? [end(frames.length)] : []),
    ];
    say(node, text, logs[node]);
    return false;
  };
  server = await fakeApiserver(...rules, nothingHappens, kubelet, logs.n1.rule, logs.n2.rule);
  return Object.assign(server, { logs });
};

/** A pod of the node that was there before the watch. */
const podOf = (name: string, ip: string): Pod => ({
  ...{ namespace: 'shop', name, uid: `uid-${name}`, workload: 'w', hostNetwork: false, ips: [ip], ports: [] },
  ...{ containerIds: [], startedAtMs: null, restarts: 0, sysctls: {}, portRange: null, reservedPorts: [] },
});

const watch = (
  server: FakeApiserver,
  more: {
    readonly nodes?: readonly string[];
    readonly untilFound?: boolean;
    /** Of `pod`: the name of the pod that was asked for, of those of the node. */
    readonly chosen?: string;
  } = {},
  mounts: readonly string[] = ['/sys/kernel/tracing'],
  signal = new AbortController().signal,
) => {
  const { nodes = ['n1', 'n2'], untilFound = false, chosen } = more;
  const told: string[] = [];
  const notes: string[] = [];
  /** What the destinations of connects were called. */
  const called = new Set<string | null>();
  const left = new Map<string, string | null>();
  const watcher: Watcher = {
    onReport: async () => {},
    onEvents: async (events, names, node) => {
      told.push(...events.map((e) => `${node} ${e.kind}`));
      for (const e of events) if (e.kind === 'connect') called.add(names.podAt(e.destination.ip));
    },
  };
  const context: Pick<RunContext, 'env' | 'signal' | 'onProgress' | 'onLeftBehind'> = {
    ...{ env: { KUBECONFIG: '/dev/null' }, signal },
    onProgress: (p) => {
      if (p.kind === 'note') notes.push(p.text);
    },
    onLeftBehind: (node, command) => void left.set(node, command),
  };
  const source: Extract<Source, { kind: 'cluster' }> = {
    ...{ kind: 'cluster', choice: { by: 'name', names: nodes }, probe: true, parallel: 5 },
    flags: { server: server.api.server },
    pod: {
      ...{ image: 'busybox:1.36', imagePullPolicy: 'IfNotPresent', namespace: 'kube-system', rights: 'default' },
      startSeconds: 20,
    },
  };
  const request: WatchRequest = {
    about: chosen === undefined ? 'nodes' : 'pods',
    source,
    watch: { seconds: 60, untilFound },
  };
  const given = [
    probe({ yields: tracefs, via: 'test', reads: {}, parse: () => known(mounts) }),
    probe({
      yields: pods,
      via: 'test',
      reads: {},
      parse: () => known([podOf('cart-7', '10.244.21.3'), podOf('other', '10.244.21.9')]),
    }),
    probe({ yields: spaces, via: 'test', reads: {}, parse: () => known([]) }),
    probe({
      ...{ yields: subjects, via: 'test', reads: {} },
      parse: () => known(chosen === undefined ? [] : [subjectOf({ namespace: 'shop', name: chosen, node: 'n1' })]),
    }),
  ];
  const lookup = factsTable(given, new Map());
  const found = watchNodes(
    request,
    nodes.map((node) => ({ node, lookup })),
    watcher,
    context,
    (o) => o.nonce,
  );
  found.catch(() => undefined);
  return { told, notes, called, left, found };
};
const graces = (server: FakeApiserver): unknown[] => server.deletions.map((d) => at(d, 'gracePeriodSeconds'));

it('watches nodes at once, names them, and keeps of each what was found there', async () => {
  await using server = await cluster((node, text, log) => {
    log.write(text(node === 'n1' ? [[mode], [over]] : [[mode], victim, [over]]));
    log.end();
  });
  const w = watch(server);
  const found = await w.found;
  expect(found.get('n1')).toEqual({ found: [], seconds: 1, broken: null, missing: null });
  expect(found.get('n2')).toMatchObject({
    found: [{ kind: 'connect', source: { port: 31055 }, mirrors: [{ state: 'SYN_RECV' }] }],
    broken: null,
  });
  expect(w.told.toSorted()).toEqual(['n1 begin', 'n1 end', 'n2 begin', 'n2 connect', 'n2 end']);
  expect(w.notes).toEqual([]);
  expect([...w.left].toSorted()).toEqual([
    ['n1', null],
    ['n2', null],
  ]);
  expect(graces(server)).toEqual([10, 10]);
  expect(server.exists()).toBe(false);
}, 60_000);

it('one node is not named with its events; where tracefs is not mounted the pod may mount it', async () => {
  await using server = await cluster((_, text, log) => log.write(text([[mode], [over]])));
  const w = watch(server, { nodes: ['n1'] }, []);
  await w.found;
  expect(w.told).toEqual(['null begin', 'null end']);
  expect(at(server.made[0], 'spec', 'containers', 0, 'securityContext', 'capabilities', 'add')).toEqual([
    'SYS_ADMIN',
    'SYS_PTRACE',
  ]);
}, 60_000);

it('what is found on one node ends them all, if that is asked', async () => {
  await using server = await cluster((node, text, log) => {
    const lines = text(node === 'n1' ? [[mode]] : [[mode], victim, ['more\t1'], ['more\t2']], false);
    // the frame behind the victim is not waited for in vain: a watch goes on for a moment after it
    const more = lines.findIndex((l) => / B script:watch\/events 2 /.test(l));
    log.write(more < 0 ? lines : lines.slice(0, more));
    if (more > 0) setTimeout(() => log.write(lines.slice(more)), 6000);
  });
  const w = watch(server, { untilFound: true });
  const found = await w.found;
  expect(found.get('n1')).toMatchObject({ found: [], broken: null });
  expect(found.get('n2')?.found).toHaveLength(1);
  expect(w.told).toContain('n2 connect');
  expect(w.notes).toEqual([]);
  expect(graces(server)).toEqual([10, 10]);
  expect(server.exists()).toBe(false);
}, 60_000);

it('an interruption ends them all without an error, though messages were missing', async () => {
  const user = new AbortController();
  await using server = await cluster((node, text, log) => {
    const lines = text([[mode], ['more\t1'], ['more\t1']], false);
    log.write(node === 'n1' ? lines : lines.filter((l) => !/ [BE] script:watch\/events 1 /.test(l)));
  });
  const w = watch(server, {}, undefined, user.signal);
  await expect.poll(() => w.told.length, { timeout: 30_000 }).toBe(5);
  user.abort(new Error('Ctrl-C'));
  const unbroken = { found: [], broken: null };
  expect([...(await w.found).values()]).toMatchObject([unbroken, unbroken]);
  expect(w.notes).toEqual(['1 message of the watch of node n2 did not come, a second or two each']);
  expect(server.exists()).toBe(false);
}, 60_000);

it('who interrupts before it begins gets no pod', async () => {
  await using server = await cluster(() => {});
  const w = watch(server, {}, undefined, AbortSignal.abort(new Error('Ctrl-C')));
  const nothing = { found: [], seconds: null, broken: null, missing: null };
  expect([...(await w.found).values()]).toEqual([nothing, nothing]);
  expect(server.made).toEqual([]);
  expect([...w.left]).toEqual([]);
}, 60_000);

/** What a node came to that cannot be watched. */
const unwatched = (why: unknown) => ({ found: [], seconds: null, broken: { why }, missing: null });

it('a node that cannot be watched ends its own watch alone, with its reason', async () => {
  await using server = await cluster((node, text, log) => {
    log.write(text(node === 'n1' ? [[mode], victim, [over]] : [['mode\tnone\tawk: not found']]));
  });
  const w = watch(server);
  const came = await w.found;
  expect(came.get('n1')).toMatchObject({ found: [{ kind: 'connect' }], broken: null });
  expect(came.get('n2')).toEqual(unwatched('awk: not found'));
  expect(w.told).toContain('n1 end');
  expect(w.notes).toEqual(['node n2 cannot be watched: awk: not found']);
  expect(server.exists()).toBe(false);
}, 60_000);

it('so does one whose pod is refused', async () => {
  await using server = await cluster(
    (_, text, log) => log.write(text([[mode], [over]])),
    ({ method, body }, r) =>
      method === 'POST' && at(body, 'spec', 'nodeName') === 'n2' && refuse(r, 403, 'Forbidden', 'no pods for n2'),
  );
  const w = watch(server);
  const came = await w.found;
  expect(came.get('n1')).toMatchObject({ seconds: 1, broken: null });
  expect(came.get('n2')).toEqual(unwatched(expect.stringContaining('no pods for n2')));
  expect(w.told).toEqual(['n1 begin', 'n1 end']);
  expect(w.notes).toEqual([expect.stringMatching(/^node n2 cannot be watched: .*no pods for n2/)]);
  expect(server.exists()).toBe(false);
}, 60_000);

it('a watch that breaks off is told as soon as it does, and the others go on', async () => {
  await using server = await cluster((_, text, log) => log.write(text([[mode], victim], false)));
  const w = watch(server);
  await expect.poll(() => w.told.filter((t) => t.startsWith('n2')), { timeout: 30_000 }).toHaveLength(2);
  server.setStatus(containerState({ terminated: { reason: 'OOMKilled', exitCode: 137 } }, 'Failed'), 'n2');
  server.logs.n2.end();
  const note = 'the watch of node n2 broke off after 1s of 1m0s: the debug pod ended early: OOMKilled: exit 137';
  await expect.poll(() => w.notes, { timeout: 30_000 }).toContain(note);
  const { frame, end } = watchText(nonceOf(server), 'script:watch/events');
  server.logs.n1.write([...frame(2, '1002.00', over), end(3)]);
  const came = await w.found;
  expect(came.get('n1')).toMatchObject({ found: [{ kind: 'connect' }], seconds: 2, broken: null });
  expect(came.get('n2')).toMatchObject({
    ...{ found: [{ kind: 'connect' }], seconds: 1 },
    broken: { why: 'the debug pod ended early: OOMKilled: exit 137' },
  });
  expect(w.notes.filter((n) => !n.includes('trying again'))).toEqual([note]);
  expect(server.exists()).toBe(false);
}, 60_000);

describe('of chosen pods', () => {
  it('what is found of another pod ends nothing, counts nothing and is not told', async () => {
    await using server = await cluster((_, text, log) => {
      const lines = text([[mode], victim, ['more\t1'], [over]]);
      const rest = lines.findIndex((l) => / B script:watch\/events 2 /.test(l));
      log.write(lines.slice(0, rest));
      setTimeout(() => log.write(lines.slice(rest)), 5000);
    });
    const w = watch(server, { nodes: ['n1'], untilFound: true, chosen: 'other' });
    const began = performance.now();
    expect((await w.found).get('n1')).toMatchObject({ found: [], seconds: 3, broken: null });
    expect(performance.now() - began).toBeGreaterThan(4900);
    expect(w.told).toEqual(['null begin', 'null unlisted', 'null end']);
  }, 60_000);

  it('what is found of theirs ends it', async () => {
    await using server = await cluster((_, text, log) => {
      const lines = text([[mode], victim, ['more\t1']], false);
      const rest = lines.findIndex((l) => / B script:watch\/events 2 /.test(l));
      log.write(lines.slice(0, rest));
      setTimeout(() => log.write(lines.slice(rest)), 5000);
    });
    const w = watch(server, { nodes: ['n1'], untilFound: true, chosen: 'cart-7' });
    expect((await w.found).get('n1')).toMatchObject({ found: [{ kind: 'connect' }], broken: null });
    expect(w.told).toEqual(['null begin', 'null connect', 'null unlisted']);
  }, 60_000);

  it('a chosen pod that is made anew meanwhile is known by its new address', async () => {
    await using server = await cluster(
      (_, text, log) => {
        // the API has told of it by then
        setTimeout(() => log.write(text([[mode], victim], false)), 2000);
      },
      podsOf(apiPod('other', '10.244.21.3')),
    );
    const user = new AbortController();
    const w = watch(server, { nodes: ['n1'], chosen: 'other' }, undefined, user.signal);
    await expect.poll(() => w.told, { timeout: 30_000 }).toContain('null connect');
    user.abort(new Error('Ctrl-C'));
    expect((await w.found).get('n1')).toMatchObject({ found: [{ kind: 'connect' }] });
    expect([...w.called]).toEqual(['shop/other']);
  }, 60_000);
});

it('a pod that is made during the watch has its name, on whatever node it is', async () => {
  await using server = await cluster(
    (_, text, log) => setTimeout(() => log.write(text([[mode], victim, [over]])), 2000),
    podsOf(apiPod('new', '10.244.21.3', 'n2')),
  );
  const w = watch(server);
  await w.found;
  expect([...w.called]).toEqual(['shop/new']);
}, 60_000);

it('what the API tells while the log of a node is away is told within seconds', async () => {
  await using server = await cluster(
    (_, text, log) => log.write(text([[mode]], false)),
    ({ method, url }, response) => {
      if (method !== 'GET' || !url.pathname.endsWith('/events')) return false;
      if (!url.searchParams.has('watch')) {
        response.end(JSON.stringify({ kind: 'List', metadata: { resourceVersion: '1' }, items: [] }));
        return true;
      }
      response.flushHeaders();
      setTimeout(() => response.write(`${JSON.stringify({ type: 'ADDED', object: eventObject('e1', 1) })}\n`), 1000);
      return true;
    },
  );
  const user = new AbortController();
  const w = watch(server, { nodes: ['n1'] }, undefined, user.signal);
  await expect.poll(() => w.told, { timeout: 30_000 }).toEqual(['null begin']);
  const silentFrom = performance.now();
  await expect.poll(() => w.told, { timeout: 30_000 }).toContain('null probe-failed');
  expect(performance.now() - silentFrom).toBeLessThan(15_000);
  user.abort(new Error('Ctrl-C'));
  await w.found;
  expect(w.told).toEqual(['null begin', 'null probe-failed', 'null probe-tally']);
}, 60_000);

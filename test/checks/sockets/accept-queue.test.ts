import { describe, expect, it } from 'vitest';
import { acceptQueue } from '../../../src/checks/sockets/accept-queue.ts';
import { counterChanges } from '../../../src/facts/network/counter-changes.ts';
import { counters } from '../../../src/facts/network/counters.ts';
import { spaces } from '../../../src/facts/network/spaces.ts';
import { type Queues, queues } from '../../../src/facts/sockets/queues.ts';
import { pods } from '../../../src/facts/workloads/pods.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';
import {
  changesOfNode,
  countersOfNode,
  listenQueue,
  noQueues,
  podOfNode,
  spacesOfNode,
} from '../../support/network-counters.ts';

const rose = { 'TcpExt.ListenOverflows': 14, 'TcpExt.ListenDrops': 14 };
const node = (
  host: Readonly<Record<string, number>>,
  pod: Readonly<Record<string, number>>,
  more: Partial<Queues> | null = {},
  ever = { host, pod },
): Given[] => [
  given(counterChanges, changesOfNode(host, pod)),
  given(counters, countersOfNode(ever.host, ever.pod)),
  given(spaces, spacesOfNode),
  given(pods, [podOfNode]),
  more ? given(queues, { ...noQueues, ...more }) : gap(queues, 'truncated'),
];
const settings = { space: '1', somaxconn: 4096, maxSynBacklog: 512, synCookies: 1 };
const ofHost = {
  space: '1',
  owner: { pid: 7, process: 'nginx', containerId: null, podUid: null, unit: 'nginx.service' },
};

testCheck(acceptQueue, [
  {
    name: 'a full queue of a pod, its backlog known',
    facts: node({}, rose, { listeners: [listenQueue()], settings: [{ ...settings, space: '2' }] }),
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'overflow',
      message:
        /14 times in 2.0 s .* It is 0\.0\.0\.0:8080 of httpd \(pod shop\/web-0, pid 201\): 10 waiting .* backlog 9/,
      data: {
        by: 'full',
        overflows: 14,
        somaxconn: 4096,
        listeners: [{ port: 8080, process: 'httpd', pod: 'shop/web-0', backlog: 9, waiting: 10 }],
      },
    },
  },
  {
    name: 'one connection that was turned away is one too many',
    facts: node({}, { 'TcpExt.ListenOverflows': 1 }, { listeners: [listenQueue({ waiting: 10, waitingBefore: 2 })] }),
    expect: { status: 'fail', severity: 'error', data: { by: 'full', overflows: 1 } },
  },
  {
    name: 'of several the one that is full, and not the fullest',
    facts: node({}, rose, {
      listeners: [listenQueue({ port: 80, waiting: 100, waitingBefore: 90, backlog: 511 }), listenQueue({ port: 81 })],
    }),
    expect: { status: 'fail', severity: 'error', message: /It is 0\.0\.0\.0:81 /, data: { by: 'full' } },
  },
  {
    name: 'exactly at its backlog it is not full',
    facts: node({}, rose, {
      listeners: [
        listenQueue({ port: 80, waiting: 9, waitingBefore: 9 }),
        listenQueue({ port: 81, waiting: 0, waitingBefore: null }),
      ],
    }),
    expect: { status: 'fail', severity: 'error', message: /Most waiting: 0\.0\.0\.0:80 /, data: { by: 'waiting' } },
  },
  {
    name: 'backlogs of a pod without the right to enter it: the fullest first, and why',
    facts: node({}, rose, {
      listeners: [
        listenQueue({ port: 80, waiting: 1, waitingBefore: null, backlog: null }),
        listenQueue({ ip: '::', port: 81, backlog: null, owner: null }),
      ],
    }),
    expect: {
      status: 'fail',
      severity: 'error',
      message:
        /Most waiting: \[::\]:81 of a process that could not be seen \(pod shop\/web-0\): .*; 0\.0\.0\.0:80 .*--rights full/,
    },
  },
  {
    name: 'the only listener of the namespace',
    facts: node({}, rose, { listeners: [listenQueue({ waiting: 0, waitingBefore: 0, backlog: null })] }),
    expect: { status: 'fail', severity: 'error', message: /It is 0\.0\.0\.0:8080/, data: { by: 'only' } },
  },
  {
    name: 'more listeners than came, none with anybody waiting: never a guess',
    facts: node({}, rose, {
      listeners: [listenQueue({ waiting: 0, waitingBefore: 0 })],
      cut: new Set(['2 tcp']),
    }),
    expect: { status: 'fail', severity: 'error', message: /one of these: .*, or another\./, data: { by: 'any' } },
  },
  {
    name: 'a listener that is gone',
    facts: node({}, rose),
    expect: { status: 'fail', severity: 'error', message: /of pod shop\/web-0 it is could not be seen \(none listens/ },
  },
  {
    name: 'queues that could not be read',
    facts: node({}, rose, null),
    expect: { status: 'fail', severity: 'error', message: /could not be seen \(sockets\/queues is missing\)/ },
  },
  {
    name: 'on the host, held back by somaxconn: the command that raises it',
    facts: node(
      rose,
      {},
      {
        listeners: [listenQueue({ ...ofHost, waiting: 129, backlog: 128 })],
        settings: [{ ...settings, somaxconn: 128 }],
      },
    ),
    expect: {
      status: 'fail',
      severity: 'error',
      message: /of nginx \(nginx\.service, pid 7\)/,
      now: ['sysctl -w net.core.somaxconn=4096'],
    },
  },
  {
    name: 'nothing in the window, but since boot',
    facts: node({}, {}, {}, { host: { 'TcpExt.ListenOverflows': 3 }, pod: { 'TcpExt.ListenOverflows': 40 } }),
    expect: {
      status: 'fail',
      severity: 'info',
      messageId: 'seen-earlier',
      message: /40 in the network of pod shop\/web-0, 3 in the network of the node/,
    },
  },
  { name: 'nothing ever', facts: node({}, {}), expect: { status: 'pass', message: /2 network namespaces/ } },
  {
    name: 'a pod that is new has counted nothing yet at the first look',
    facts: [
      given(counterChanges, { ...changesOfNode({}), spaces: [{ space: '1', values: {} }] }),
      given(counters, countersOfNode({}, { 'TcpExt.ListenOverflows': 4 })),
      given(spaces, spacesOfNode),
      given(pods, []),
    ],
    expect: { status: 'pass', message: /1 network namespace,/ },
  },
  {
    name: 'a kernel that does not count it',
    facts: [
      given(counterChanges, { ...changesOfNode({}), names: new Set(['Udp.RcvbufErrors']) }),
      ...node({}, {}).slice(1),
    ],
    expect: { status: 'unknown' },
  },
  { name: 'no window', facts: [gap(counterChanges, 'not-chosen')], expect: { status: 'skipped' } },
  { name: 'no counters', facts: [gap(counterChanges)], expect: { status: 'unknown' } },
]);

describe('the fix', () => {
  const say = (host: boolean, backlog: number | null, somaxconn: number | null): string => {
    const listeners = [listenQueue({ ...(host ? ofHost : {}), backlog, waiting: 5000, waitingBefore: 5000 })];
    const space = host ? '1' : '2';
    const facts = node(host ? rose : {}, host ? {} : rose, {
      listeners,
      settings: [{ ...settings, space, somaxconn }],
    });
    const [finding] = run(acceptQueue, facts);
    return finding?.status === 'fail' ? (finding.fix?.say ?? '') : '';
  };

  it('says that somaxconn alone changes nothing where the program asked for less', () => {
    expect(say(true, 9, 4096)).toMatch(/raising that alone changes nothing/);
    expect(say(false, 9, 4096)).not.toMatch(/somaxconn of its own/);
  });
  it('names both where they are equal, and the setting of the pod', () => {
    expect(say(true, 128, 128)).toMatch(/raise both/);
    expect(say(false, 128, 128)).toMatch(/raise both.*A pod has a somaxconn of its own/);
  });
  it('names both rules where one of them is not known', () => {
    expect(say(false, null, null)).toMatch(/the smaller of what the program asks .* net\.core\.somaxconn:/);
    expect(say(true, null, 4096)).toMatch(/net\.core\.somaxconn \(4096\)/);
  });
  it('never the setting that resets connections', () => {
    for (const host of [true, false]) expect(say(host, 9, 4096)).not.toMatch(/abort_on_overflow/);
  });
});

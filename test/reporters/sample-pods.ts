import type { Remedy } from '../../src/core/check.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { ContainerEnd, PodSummary, ProcessNode, Report, Termination } from '../../src/core/report.ts';
import type { Target } from '../../src/core/target.ts';
import { healthy, incidentOne } from '../support/sample-reports.ts';

type PodTarget = Extract<Target, { kind: 'pod' }>;
type ManifestTarget = Extract<Target, { kind: 'manifest' }>;

const base = {
  apiVersion: 'netdoctor/v1',
  kind: 'Report',
  context: { name: 'lab-admin', cluster: 'lab', server: 'https://10.96.88.1:6443' },
  startedAt: '2026-11-23T20:14:05Z',
  durationMs: 3140,
} as const;

/** A process that is ended well, unless it says otherwise. */
export const processOf = (more: Partial<ProcessNode>): ProcessNode => ({
  pid: 1,
  command: 'node server.js',
  signalFrom: 'runtime',
  fate: 'catches SIGTERM',
  state: 'ok',
  children: [],
  ...more,
});

/** A container with a short hook that ends by itself, unless it says otherwise. */
export const endOf = (more: Partial<ContainerEnd>): ContainerEnd => ({
  name: 'web',
  kind: 'main',
  preStop: { what: 'sleep 5', seconds: 5, atLeast: false, runs: true },
  stopSignal: 'SIGTERM',
  signalAt: 5,
  reacts: 'yes',
  killAt: 30,
  ...more,
});

/** A termination that loses nothing, unless it says otherwise. */
export const terminationOf = (more: Partial<Termination>): Termination => ({
  graceSeconds: 30,
  services: ['shop/web'],
  trafficUntil: 5,
  containers: [endOf({})],
  losses: [],
  ...more,
});

/** A pod of Deployment shop/web that ends well, unless it says otherwise. */
export const podOf = (more: Partial<PodSummary>): PodSummary => ({
  kind: 'pod',
  namespace: 'shop',
  name: 'web-0',
  via: 'debug-pod',
  unread: null,
  node: 'node1',
  workload: 'Deployment/web',
  phase: 'Running',
  ready: true,
  deleting: false,
  readyContainers: [1, 1],
  processes: [
    {
      name: 'web',
      unseen: null,
      roots: [
        processOf({
          command: 'tini',
          fate: 'passes it on to its child',
          children: [processOf({ pid: 7, signalFrom: 'init' })],
        }),
      ],
      left: 0,
    },
  ],
  termination: terminationOf({}),
  ...more,
});

const passed = (target: Target, check: string, message: string): Finding => ({
  check,
  title: message,
  target,
  status: 'pass',
  message,
});

const targetOf = ({ namespace, name }: PodSummary): PodTarget => ({ kind: 'pod', namespace, name });

const well = (target: Target): readonly Finding[] => [
  passed(target, 'shutdown/shell-entrypoint', 'web: PID 1 is tini, which passes SIGTERM on to node server.js'),
  passed(target, 'shutdown/prestop-exceeds-grace', 'the hook of web takes 5 s of 30 s'),
  passed(target, 'readiness/stale', 'Ready is True'),
];

/** A report about these. */
export const reportOn = (targets: Report['targets'], findings: readonly Finding[]): Report => ({
  ...base,
  targets,
  findings,
});

/** One pod that ends well, on a healthy node. */
export const healthyPod = (): Report => {
  const pod = podOf({});
  return reportOn([pod, ...healthy().targets], [...well(targetOf(pod)), ...healthy().findings]);
};

const entrypoint: Remedy = {
  say: 'Let the shell be replaced by the program (exec), or put an init before it.',
  examples: [
    { about: "in the image's Dockerfile", text: 'ENTRYPOINT ["node", "server.js"]\n' },
    { about: 'or, if it needs the shell:', text: '#!/bin/sh\nset -e\nexec node server.js' },
  ],
  patch: {
    target: { kind: 'Deployment', namespace: 'shop', name: 'web' },
    body: { spec: { template: { spec: { containers: [{ name: 'web', command: ['node', 'server.js'] }] } } } },
  },
  now: [
    `kubectl -n shop patch deployment web --type strategic -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","command":["node","server.js"]}]}}}}'`,
  ],
  risk: 'disruptive',
  covers: 'signals that the program itself ignores.',
};

const shell = (target: Target): Finding => ({
  check: 'shutdown/shell-entrypoint',
  title: 'The stop signal reaches the program',
  target,
  status: 'fail',
  severity: 'error',
  messageId: 'shell',
  message:
    'PID 1 of container web is sh, which does not catch SIGTERM: node server.js never hears of it. Every deletion takes the whole 30 s and ends with SIGKILL.',
  data: { container: 'web', signal: 'SIGTERM' },
  evidence: [
    { source: '/proc/4711/status', text: 'Name:\tsh\nNSpid:\t4711\t1\nSigCgt:\t0000000000010000' },
    { source: 'the spec', text: 'command: ["sh", "-c", "…"]', path: ['containers', 0, 'command'] },
  ],
  fix: entrypoint,
});

const noHook = (target: Target, file?: string): Finding => ({
  check: 'shutdown/prestop-missing',
  title: 'Traffic is led away before the stop signal',
  target,
  status: 'fail',
  severity: 'info',
  messageId: 'missing',
  message: 'Container web is behind Service shop/web and has no preStop hook: requests of about 5 s can be lost.',
  data: { container: 'web' },
  evidence: [
    file === undefined
      ? { source: 'the spec', text: 'no lifecycle.preStop' }
      : { source: file, text: '- name: web', path: ['containers', 0] },
  ],
  fix: {
    say: 'Wait before the signal.',
    patch: {
      target: null,
      body: { spec: { containers: [{ name: 'web', lifecycle: { preStop: { sleep: { seconds: 5 } } } }] } },
    },
    risk: 'none',
  },
});

/** A pod whose shell keeps the signal from its program, with a sidecar that waits. */
export const sickPodSummary = (more: Partial<PodSummary> = {}): PodSummary =>
  podOf({
    readyContainers: [2, 2],
    processes: [
      {
        name: 'web',
        unseen: null,
        roots: [
          processOf({
            command: 'sh -c',
            fate: 'has no trap for SIGTERM, and goes on waiting',
            state: 'lost',
            children: [
              processOf({
                pid: 7,
                signalFrom: 'none',
                fate: 'does not get it: killed after 30 s',
                state: 'lost',
                children: [20, 21, 22].map((pid) =>
                  processOf({
                    pid,
                    command: 'node worker.js',
                    signalFrom: 'none',
                    fate: 'does not get it: killed after 30 s',
                    state: 'lost',
                  }),
                ),
              }),
              processOf({
                pid: 9,
                command: 'logger',
                signalFrom: 'none',
                fate: 'is left to its parent',
                state: 'unsure',
              }),
            ],
          }),
        ],
        left: 0,
      },
      { name: 'proxy', unseen: 'no process of it was seen on the node', roots: [], left: 0 },
    ],
    termination: terminationOf({
      containers: [
        endOf({ preStop: null, signalAt: 0, reacts: 'no' }),
        endOf({ name: 'proxy', kind: 'sidecar', preStop: null, signalAt: null, reacts: 'unsure' }),
      ],
      losses: [
        { from: 0, to: 5, why: 'new connections that come before every proxy knows' },
        { from: 30, to: 30, why: 'all that web still works on' },
      ],
    }),
    ...more,
  });

/** One pod with problems, on a healthy node. */
export const sickPod = (): Report => {
  const pod = sickPodSummary();
  const target = targetOf(pod);
  return reportOn(
    [pod, ...healthy().targets],
    [
      noHook(target),
      shell(target),
      passed(target, 'readiness/stale', 'Ready is True'),
      {
        check: 'shutdown/sigterm-ignored',
        title: 'The program reacts to the stop signal',
        target,
        status: 'unknown',
        message: 'proxy: the kernel does not show its processes',
        missing: [{ fact: 'workloads/processes', gap: { kind: 'undecided', detail: 'not shown' } }],
      },
      ...healthy().findings,
    ],
  );
};

/** A deployment's three pods on two nodes, one of them with incident I1, a pod of its own that ends well, and a pod that nobody scheduled. */
export const severalPods = (): Report => {
  const sick = ['web-7c5ddbdf54-9hkzt', 'web-7c5ddbdf54-x2x7q', 'web-7c5ddbdf54-zzzzz'].map((name, i) =>
    sickPodSummary({ name, node: i === 0 ? 'vm1' : 'node1' }),
  );
  const own = podOf({ name: 'debug', workload: null });
  const pending = podOf({
    name: 'stuck',
    via: 'kube-api',
    node: null,
    workload: 'Job/stuck',
    phase: 'Pending',
    readyContainers: [0, 1],
    processes: [],
    termination: null,
  });
  return reportOn(
    [...sick, own, pending, ...incidentOne().targets, ...healthy().targets],
    [
      ...sick.flatMap((p): readonly Finding[] => [shell(targetOf(p)), noHook(targetOf(p))]),
      ...well(targetOf(own)),
      {
        check: 'readiness/stale',
        title: 'Ready is what the containers say',
        target: targetOf(pending),
        status: 'not-applicable',
        message: 'it does not run',
      },
      ...incidentOne().findings,
      ...healthy().findings,
    ],
  );
};

const manifest = (file: string, line: number, name: string): ManifestTarget => ({
  kind: 'manifest',
  namespace: 'shop',
  name,
  file,
  line,
});

const tooLong = (target: ManifestTarget): Finding => ({
  check: 'shutdown/prestop-exceeds-grace',
  title: 'The hook ends within the grace period',
  target,
  status: 'fail',
  severity: 'error',
  messageId: 'longer',
  message: 'preStop of container web sleeps 60 s, and the grace period is 30 s: the signal comes with SIGKILL.',
  data: { container: 'web', seconds: 60, graceSeconds: 30 },
  evidence: [
    { source: `${target.file}:${target.line + 19}`, text: 'command: ["sleep", "60"]', path: ['containers', 0] },
  ],
});

/** Manifests in two files with problems and one without. */
export const linted = (): Report => {
  const web = manifest('k8s/web.yaml', 1, 'Deployment/web');
  const api = manifest('k8s/web.yaml', 40, 'Deployment/api');
  const db = manifest('k8s/db.yaml', 1, 'StatefulSet/db');
  const job = manifest('-', 7, 'CronJob/clean');
  return {
    ...reportOn(
      [web, api, db, job],
      [
        noHook(web, 'k8s/web.yaml:18'),
        tooLong(web),
        noHook(api, 'k8s/web.yaml:57'),
        noHook(db, 'k8s/db.yaml:20'),
        passed(db, 'shutdown/prestop-exceeds-grace', 'no hook'),
        passed(job, 'shutdown/prestop-exceeds-grace', 'no hook'),
      ],
    ),
    context: null,
    durationMs: 41,
  };
};

/** Many manifests in which nothing was found. */
export const lintedWell = (): Report => {
  const all = Array.from({ length: 42 }, (_, i) => manifest(`k8s/${i % 7}.yaml`, i + 1, `Deployment/d${i}`));
  return {
    ...reportOn(
      all,
      all.map((m) => passed(m, 'shutdown/prestop-exceeds-grace', 'no hook')),
    ),
    context: null,
  };
};

// lab: it needs images that no registry has, and measures on the node when a signal arrives
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import {
  apply,
  applyFix,
  failureOf,
  findingOf,
  kubectl,
  netdoctor,
  onNode,
  reportOf,
  until,
} from '../support/cluster.ts';
import { importImages } from '../support/pid1/import-images.ts';
import { recordsOnNode } from '../support/pid1/manifest.ts';
import { type Entry, readRecords } from '../support/pid1/read-records.ts';
import { threeTries } from '../support/three-tries.ts';

const node = 'node1';
const namespace = 'e2e-fixes';

interface Workload {
  readonly name: string;
  readonly graceSeconds: number;
  /** How long the program works after its signal, in seconds. */
  readonly worksSeconds: number;
  readonly lifecycle?: object;
}

const objects = ({ name, graceSeconds, worksSeconds, lifecycle }: Workload): readonly object[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      // the old pods go at once, or their hooks would hold up the test
      strategy: { type: 'Recreate' },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          nodeName: node,
          terminationGracePeriodSeconds: graceSeconds,
          containers: [
            {
              name: 'program',
              image: 'docker.io/library/pid1:1',
              imagePullPolicy: 'Never',
              command: ['witness', 'graceful', String(worksSeconds)],
              ports: [{ containerPort: 8080 }],
              readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1, timeoutSeconds: 5 },
              env: [
                { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                { name: 'WITNESS_LOG', value: '/log/$(POD)' },
              ],
              volumeMounts: [{ name: 'log', mountPath: '/log' }],
              ...(lifecycle === undefined ? {} : { lifecycle }),
            },
          ],
          volumes: [{ name: 'log', hostPath: { path: recordsOnNode, type: 'DirectoryOrCreate' } }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
  },
];

const rolledOut = (name: string): Promise<string> =>
  kubectl(['rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=120s']);

const judge = async (name: string, code: number): Promise<Report> =>
  reportOf(
    await netdoctor(['pod', `deploy/${name}`, '-n', namespace, '--checks', 'shutdown/*,readiness/*', '-o', 'json']),
    code,
  );

/** Runs the commands that a finding prints, as a person would who copies them. */
const carryOut = async (report: Report, check: string): Promise<void> => {
  const applied = await applyFix(node, failureOf(report, check));
  expect(applied.length).toBeGreaterThan(0);
  for (const { line, code, stderr } of applied) expect([line, code, stderr]).toEqual([line, 0, '']);
};

interface End {
  /** From the deletion to the stop signal, in seconds; null if none came. */
  readonly signalAfter: number | null;
  /** Its work was done before it was killed. */
  readonly finished: boolean;
}

/** One of the workload's pods. */
const podOf = async (name: string): Promise<string> => {
  const out = ['-o', 'jsonpath={.items[*].metadata.name}'];
  const names = await kubectl(['get', 'pods', '-n', namespace, '-l', `app=${name}`, ...out]);
  return names.split(' ')[0] ?? '';
};

/** Deletes a pod of the workload and looks into what its program wrote. */
const shutdownOf = async (name: string): Promise<End> => {
  const pod = await podOf(name);
  const began = Date.now();
  await kubectl(['delete', 'pod', pod, '-n', namespace, '--wait=true', '--timeout=120s']);
  const record: readonly Entry[] = (await readRecords(node)).get(pod) ?? [];
  const signal = record.find((e) => e.what === 'SIGTERM');
  return {
    signalAfter: signal === undefined ? null : (signal.atMs - began) / 1000,
    finished: record.some((e) => e.what === 'end'),
  };
};

/** The same, of the pod among three whose signal came in less than 4.5 s: a busy machine may take its time, but takes none away. */
const soonShutdownOf = (name: string): Promise<End> =>
  threeTries(
    () => shutdownOf(name),
    ({ signalAfter }) => signalAfter !== null && signalAfter < 4.5,
    () => rolledOut(name),
  );

describe('printed patches, carried out, and the shutdown measured', () => {
  beforeAll(async () => {
    await importImages(node);
    await onNode(node, ['rm', '-rf', recordsOnNode]);
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });
  afterAll(() => kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=120s']));

  it('no preStop hook: with the patch the signal comes only once traffic was led away', async () => {
    await apply(...objects({ name: 'no-hook', graceSeconds: 8, worksSeconds: 1 }));
    await rolledOut('no-hook');
    const before = await soonShutdownOf('no-hook');
    expect(before.finished).toBe(true);
    expect(before.signalAfter).toBeLessThan(4.5);
    await rolledOut('no-hook');
    const report = await judge('no-hook', 0);
    expect(failureOf(report, 'shutdown/prestop-missing')).toMatchObject({
      severity: 'info',
      data: { adviseSeconds: 5, services: [`${namespace}/no-hook`] },
    });
    await carryOut(report, 'shutdown/prestop-missing');
    await rolledOut('no-hook');
    const after = await judge('no-hook', 0);
    expect(findingOf(after, 'shutdown/prestop-missing').status).toBe('pass');
    expect(findingOf(after, 'shutdown/prestop-exceeds-grace').status).toBe('pass');
    const end = await shutdownOf('no-hook');
    expect(end.finished).toBe(true);
    expect(end.signalAfter).toBeGreaterThan(4.5);
  });

  it('a hook that takes the whole grace: with the patch the program gets its time', async () => {
    const lifecycle = { preStop: { exec: { command: ['sleep', '6'] } } };
    await apply(...objects({ name: 'long-hook', graceSeconds: 5, worksSeconds: 4, lifecycle }));
    await rolledOut('long-hook');
    expect((await shutdownOf('long-hook')).finished).toBe(false);
    await rolledOut('long-hook');
    const report = await judge('long-hook', 2);
    expect(failureOf(report, 'shutdown/prestop-exceeds-grace')).toMatchObject({
      severity: 'error',
      messageId: 'exceeds',
      data: { hookSeconds: 6, graceSeconds: 5 },
    });
    await carryOut(report, 'shutdown/prestop-exceeds-grace');
    await rolledOut('long-hook');
    expect(findingOf(await judge('long-hook', 0), 'shutdown/prestop-exceeds-grace').status).toBe('pass');
    const end = await shutdownOf('long-hook');
    expect(end).toMatchObject({ finished: true });
    expect(end.signalAfter).toBeGreaterThan(5.5);
  });

  it('a hook whose program is not in the image: with the patch the kubelet waits itself', async () => {
    const lifecycle = { preStop: { exec: { command: ['/usr/local/bin/sleep', '5'] } } };
    await apply(...objects({ name: 'vain-hook', graceSeconds: 12, worksSeconds: 1, lifecycle }));
    await rolledOut('vain-hook');
    const before = await soonShutdownOf('vain-hook');
    expect(before.signalAfter).toBeLessThan(4.5);
    await rolledOut('vain-hook');
    const report = await judge('vain-hook', 2);
    expect(failureOf(report, 'shutdown/prestop-cannot-run')).toMatchObject({
      severity: 'error',
      messageId: 'missing-program',
      data: { program: '/usr/local/bin/sleep' },
    });
    await carryOut(report, 'shutdown/prestop-cannot-run');
    await rolledOut('vain-hook');
    const after = await judge('vain-hook', 0);
    expect(findingOf(after, 'shutdown/prestop-cannot-run').status).toBe('not-applicable');
    const end = await shutdownOf('vain-hook');
    expect(end.finished).toBe(true);
    expect(end.signalAfter).toBeGreaterThan(4.5);
  });

  it('a hook that failed leaves an event, and the event is evidence', async () => {
    const lifecycle = { preStop: { exec: { command: ['sh', '-c', 'exit 3'] } } };
    await apply(...objects({ name: 'failing-hook', graceSeconds: 40, worksSeconds: 30, lifecycle }));
    await rolledOut('failing-hook');
    const pod = await podOf('failing-hook');
    await kubectl(['delete', 'pod', pod, '-n', namespace, '--wait=false']);
    const check = 'shutdown/prestop-cannot-run';
    const said = await until('the kubelet told that the hook failed', 25_000, async () => {
      const ended = await netdoctor(['pod', pod, '-n', namespace, '--no-probe', '--checks', check, '-o', 'json']);
      return ended.code === 2 ? ended : null;
    });
    const found = failureOf(reportOf(said, 2), check);
    expect(found.messageId).toBe('failed');
    expect(found.evidence.some((e) => e.source.startsWith('event FailedPreStopHook'))).toBe(true);
  });
});

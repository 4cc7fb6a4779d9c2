import { describe, expect, test } from 'vitest';
import type { DiagnoseRequest, PodChoice } from '../../src/app/request.ts';
import { runCli } from '../support/cli-run.ts';

const sourceOf = async (line: string): Promise<DiagnoseRequest['source'] | undefined> => {
  const { requests, stderr } = await runCli(line);
  expect(stderr).toBe('');
  return requests[0]?.source;
};

const pods = (...names: readonly string[]): PodChoice => ({
  by: 'pods',
  refs: names.map((name) => ({ kind: 'pod', name })),
  selector: null,
});

describe('what is asked', () => {
  test('a pod, with everything left as it is', async () => {
    const { requests, code, stderr } = await runCli('pod web-0');
    expect(requests).toEqual([
      {
        about: 'pods',
        source: {
          kind: 'cluster',
          choice: { by: 'pods', refs: [{ kind: 'pod', name: 'web-0' }], selector: null },
          probe: true,
          parallel: 8,
          flags: {},
          pod: {
            image: 'busybox:1.36',
            imagePullPolicy: 'IfNotPresent',
            namespace: 'kube-system',
            rights: 'default',
            startSeconds: 30,
          },
        },
        windowSeconds: 2,
      },
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('a workload, with many flags', async () => {
    const { requests } = await runCli(
      'pod --context c deploy/web -nshop --as me --image i --image-pull-policy Never --image-pull-secret s --probe-namespace ns ' +
        '--rights full --timeout 1m --window 500ms --parallel 3 --node-port-range 20000-22767 --checks shutdown/*,ports/* --save b -ojson ' +
        '--request-timeout 5s --fail-on error',
    );
    expect(requests).toEqual([
      {
        about: 'pods',
        source: {
          kind: 'cluster',
          choice: {
            by: 'pods',
            namespace: 'shop',
            refs: [{ kind: 'deployment', name: 'web' }],
            selector: null,
          },
          probe: true,
          parallel: 3,
          requestTimeoutMs: 5000,
          flags: { context: 'c', namespace: 'shop', as: 'me' },
          pod: {
            image: 'i',
            imagePullPolicy: 'Never',
            imagePullSecret: 's',
            namespace: 'ns',
            rights: 'full',
            startSeconds: 60,
          },
        },
        windowSeconds: 0.5,
        nodePortRange: [20000, 22767],
        checks: ['shutdown/*', 'ports/*'],
        save: 'b',
      },
    ]);
  });

  test.each<[string, PodChoice]>([
    ['web-0 web-1', pods('web-0', 'web-1')],
    ['web-0 pod/web-0 po/web-1 pods/web-1', pods('web-0', 'web-1')],
    ['1e3 007', pods('1e3', '007')],
    ['-- web-0', pods('web-0')],
    ['web-0 --all=false', pods('web-0')],
    ['web-0 -n shop', { ...pods('web-0'), namespace: 'shop' }],
    ['web-0 -n a -n b', { ...pods('web-0'), namespace: 'b' }],
    ['web-0 -n=', pods('web-0')],
    ['pod/job', pods('job')],
    ['-l app=web', { ...pods(), selector: 'app=web' }],
    ['-lapp=web,tier!=cache', { ...pods(), selector: 'app=web,tier!=cache' }],
    ['-l app=web -n shop', { ...pods(), selector: 'app=web', namespace: 'shop' }],
    ['-l app=web -A', { ...pods(), selector: 'app=web', namespace: null }],
    ['--all', pods()],
    ['--all -n shop', { ...pods(), namespace: 'shop' }],
    ['-A', { ...pods(), namespace: null }],
    ['--all-namespaces --all', { ...pods(), namespace: null }],
    ['-A -n shop', { ...pods(), namespace: null }],
  ])('pod %s', async (line, choice) => {
    expect(await sourceOf(`pod ${line}`)).toMatchObject({ kind: 'cluster', probe: true, choice });
    const source = await sourceOf(`pod ${line}`);
    expect(source?.kind === 'cluster' && source.choice).toEqual(choice);
  });

  test.each([
    [
      'deployment',
      'deploy/x deployment/x deployments/x deployment.apps/x deployments.v1.apps/x deploy.apps/x Deployment/x',
    ],
    ['statefulset', 'sts/x statefulset/x statefulsets/x statefulset.apps/x StatefulSet/x'],
    ['daemonset', 'ds/x daemonset/x daemonsets/x daemonset.apps/x'],
    ['replicaset', 'rs/x replicaset/x replicasets/x replicaset.apps/x'],
    ['job', 'job/x jobs/x job.batch/x jobs.v1.batch/x'],
    ['service', 'svc/x service/x services/x Service/x services.v1/x'],
    ['pod', 'po/x pod/x pods/x Pod/x pods.v1/x'],
  ])('a %s: %s', async (kind, words) => {
    expect(await sourceOf(`pod ${words}`)).toMatchObject({ choice: { refs: [{ kind, name: 'x' }] } });
    for (const word of words.split(' '))
      expect(await sourceOf(`pod ${word}`)).toMatchObject({ choice: { refs: [{ kind, name: 'x' }] } });
  });

  test.each([
    ['deploy web', [{ kind: 'deployment', name: 'web' }]],
    [
      'svc web -n shop api',
      [
        { kind: 'service', name: 'web' },
        { kind: 'service', name: 'api' },
      ],
    ],
    ['pods job', [{ kind: 'pod', name: 'job' }]],
    ['statefulsets.apps db', [{ kind: 'statefulset', name: 'db' }]],
    [
      'web-0 deploy/web',
      [
        { kind: 'pod', name: 'web-0' },
        { kind: 'deployment', name: 'web' },
      ],
    ],
    ['web.example.org', [{ kind: 'pod', name: 'web.example.org' }]],
  ])('kind and names in words: %s', async (line, refs) => {
    expect(await sourceOf(`pod ${line}`)).toMatchObject({ choice: { refs } });
  });

  test.each([
    ['--no-probe', false],
    ['--no-probe=true', false],
    ['--no-probe=false', true],
    ['--no-probe=false --image i', true],
  ])('%s', async (flag, probe) => {
    expect(await sourceOf(`pod web-0 ${flag}`)).toMatchObject({ probe });
  });

  test('a bundle', async () => {
    expect((await runCli('pod --from b.bundle -n shop --checks shutdown/killed')).requests).toEqual([
      {
        about: 'pods',
        source: { kind: 'bundle', path: 'b.bundle' },
        windowSeconds: 2,
        checks: ['shutdown/killed'],
      },
    ]);
  });

  test('what is sent to the reporters and the exit code is as with nodes', async () => {
    expect((await runCli('pod web-0 -v -ojson')).stdout).toContain('"kind": "Report"');
  });
});

describe('what is refused', () => {
  test.each([
    ['', 'which pods? Give names (web-0, deploy/web), -l, --all for a namespace or -A for all of them, or --from'],
    ['--all=false', 'which pods?'],
    ['-n shop', 'which pods?'],
    ['web-0 -l app=web', 'the name "web-0" cannot be used with --selector: it says what is looked at'],
    ['web-0 --all', 'the name "web-0" cannot be used with --all: it says what is looked at'],
    ['deploy/web -A', 'the name "deploy/web" cannot be used with --all-namespaces: a name is of one namespace'],
    ['web-0 --from b', 'the name "web-0" cannot be used with --from: it says what is looked at'],
    ['--all -l app=web', '--all cannot be used with --selector: it chooses every pod'],
    ['--from b -l a=b', '--selector cannot be used with --from: a bundle holds the pods that were chosen then'],
    ['--from b -A', '--all-namespaces cannot be used with --from'],
    ['--from b --all', '--all cannot be used with --from'],
    ['--from b --context c', '--context cannot be used with --from: --from asks no API'],
    ['--from b --as-group g', '--as-group cannot be used with --from'],
    ['--from b --image i', '--image cannot be used with --from: --from makes no pod'],
    ['--from b --parallel 2', '--parallel cannot be used with --from'],
    ['--from b --save c', '--save cannot be used with --from: what a bundle holds is saved already'],
    ['--from b --window 1s', '--window cannot be used with --from'],
    ['--from b --no-probe', '--no-probe cannot be used with --from: a bundle holds what was read then'],
    ['web-0 --no-probe --image i', '--image cannot be used with --no-probe: --no-probe makes no pod'],
    ['web-0 --no-probe --rights full', '--rights cannot be used with --no-probe'],
    ['web-0 --no-probe --probe-namespace x', '--probe-namespace cannot be used with --no-probe'],
    ['web-0 --no-probe --timeout 5s', '--timeout cannot be used with --no-probe'],
    ['web-0 --no-probe --window 5s', '--window cannot be used with --no-probe: sockets are sampled by a debug pod'],
    ['web-0 --local', 'unknown flag: --local'],
    ['web-0 --emit-collector', 'unknown flag: --emit-collector'],
    ['web-0 --version', 'unknown flag: --version'],
    ['web-0 --no-probe=maybe', 'invalid argument "maybe" for "--no-probe" flag: strconv.ParseBool'],
    ['web-0 -n ../x', 'invalid argument "../x" for "--namespace" flag'],
    ['Web', '"Web" is not a name that a pod can have'],
    ['../secrets', '"../secrets": there is no kind ".." among pod, deployment'],
    ['pod/../../secrets', '"../../secrets" is not a name that a pod can have'],
    ['deploy/a/b', '"a/b" is not a name that a deployment can have'],
    ['deploy/', '"" is not a name that a deployment can have'],
    ['/x', '"/x": there is no kind "" among'],
    ['deploy/a?b', '"a?b" is not a name'],
    ['shop/web-0', '"shop/web-0": there is no kind "shop" among'],
    ['shop/web-0', '; a pod of namespace shop is web-0 -n shop'],
    ['service.serving.knative.dev/x', 'there is no kind "service.serving.knative.dev" among'],
    ['deployment.batch/x', 'there is no kind "deployment.batch" among'],
    ['node/n1', '"node/n1" is a node: it is diagnosed by the command node'],
    ['cronjob/x', '"cronjob/x": a CronJob has no pods but through its Jobs'],
    ['cj/x', 'a CronJob has no pods but through its Jobs'],
    ['deploy', 'which deployment? Give its name: deploy/web (a pod of that name: pod/deploy)'],
    ['deploy svc/web', '"svc/web" has a kind of its own: "deploy" before it says another'],
    ['deploy -l app=web', 'the name "deploy" cannot be used with --selector'],
    ['web-0 --parallel 0', 'invalid argument "0" for "--parallel" flag'],
  ])('pod %s: %s', async (line, message) => {
    const { code, stdout, stderr, requests } = await runCli(`pod ${line}`);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
    expect(stderr).toContain("\nSee 'kubectl netdoctor pod --help' for usage.\n");
    expect({ code, stdout, requests }).toEqual({ code: 1, stdout: '', requests: [] });
  });
});

test('pods are told from nodes', async () => {
  expect((await runCli('pods x')).stderr).toContain('unknown command "pods" for "kubectl netdoctor"; did you mean pod');
});

test('the help has what the README and users look for', async () => {
  const { stdout, code } = await runCli('pod --help');
  expect(code).toBe(0);
  for (const text of [
    '--no-probe',
    '-A, --all-namespaces',
    'sts/db',
    "without it the\n                                  context's",
    'pod -l app=web -A',
  ])
    expect(stdout).toContain(text);
  expect(stdout).not.toContain('--emit-collector');
  expect((await runCli('--help')).stdout).toContain(
    'Finds network and shutdown faults of Kubernetes nodes and workloads',
  );
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { apply, kubectl, netdoctor, netdoctorPods, reportOf, until } from '../support/cluster.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}
interface RoleObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly Rule[];
}

// what a watch needs beside them is no part of these runs; watching all pods would stand in for watching those of one namespace
const manifest = parseAllDocuments(readFileSync(new URL('../../docs/rbac.yaml', import.meta.url), 'utf8')).map(
  (d) => d.toJS() as RoleObject,
);
const roles = manifest.filter((role) => role.metadata.name === 'netdoctor');
const ofWatch = manifest.filter((role) => role.metadata.name === 'netdoctor-watch');

/** One right of the manifest: a verb on a resource, by one rule. */
interface Right {
  readonly role: number;
  readonly rule: number;
  readonly resource: string;
  readonly verb: string;
  readonly object?: string;
}
const rights: readonly Right[] = roles.flatMap((role, r) =>
  role.rules.flatMap((rule, i) =>
    rule.resources.flatMap((resource) =>
      rule.verbs.flatMap((verb) =>
        (rule.resourceNames ?? [undefined]).map((object) => ({
          role: r,
          rule: i,
          resource,
          verb,
          ...(object === undefined ? {} : { object }),
        })),
      ),
    ),
  ),
);

/** The rule without this right. */
const without = (rule: Rule, { resource, verb, object }: Right): readonly Rule[] => [
  { ...rule, resources: rule.resources.filter((r) => r !== resource) },
  { ...rule, resources: [resource], verbs: rule.verbs.filter((v) => v !== verb) },
  ...(object === undefined
    ? []
    : [
        {
          ...rule,
          resources: [resource],
          verbs: [verb],
          resourceNames: rule.resourceNames?.filter((n) => n !== object) ?? [],
        },
      ]),
];
const rulesWithout = (right: Right | null, r: number): readonly Rule[] =>
  (roles[r]?.rules ?? [])
    .flatMap((rule, i) => (right?.role === r && right.rule === i ? without(rule, right) : [rule]))
    .filter((rule) => rule.resources.length > 0 && rule.verbs.length > 0 && rule.resourceNames?.length !== 0);

const userOf = (n: number): string => `e2e-rbac-${n}`;
const objectsFor = (right: Right | null, n: number): readonly object[] =>
  roles.flatMap((role, r) => {
    const metadata = { ...role.metadata, name: userOf(n) };
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: userOf(n) }];
    const roleRef = { kind: role.kind, apiGroup: 'rbac.authorization.k8s.io', name: userOf(n) };
    return [
      { ...role, metadata, rules: rulesWithout(right, r) },
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: `${role.kind}Binding`, metadata, subjects, roleRef },
    ];
  });

/** What only `netdoctor pod` asks for. */
const ofPods: ReadonlySet<string> = new Set([
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'ingresses',
]);

/** A workload of a kind that is asked for by its name. */
const jobObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'e2e-rbac', namespace: 'default' },
  spec: {
    template: {
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'waits',
            image: 'busybox:1.36',
            imagePullPolicy: 'IfNotPresent',
            command: ['httpd', '-f', '-p', '8080'],
          },
        ],
      },
    },
  },
};

describe('docs/rbac.yaml', () => {
  let node = '';
  beforeAll(async () => {
    node = await kubectl(['get', 'nodes', '-l', 'kubernetes.io/os=linux', '-o', 'jsonpath={.items[0].metadata.name}']);
    await apply(jobObject, ...[null, ...rights].flatMap(objectsFor));
    await kubectl(['wait', 'job/e2e-rbac', '-n', 'default', '--for=jsonpath={.status.ready}=1', '--timeout=120s']);
  });
  afterAll(() =>
    kubectl([
      'delete',
      '--ignore-not-found',
      '-n',
      'default',
      'job/e2e-rbac',
      ...[null, ...rights].flatMap((_, n) =>
        ['clusterrole', 'clusterrolebinding'].map((kind) => `${kind}/${userOf(n)}`),
      ),
    ]).then(() =>
      kubectl([
        'delete',
        '-n',
        'kube-system',
        '--ignore-not-found',
        ...[null, ...rights].flatMap((_, n) => ['role', 'rolebinding'].map((kind) => `${kind}/${userOf(n)}`)),
      ]),
    ),
  );
  const run = (n: number, what: readonly string[]) =>
    netdoctor([...what, '--as', userOf(n), '--window', '0', '-o', 'json']);
  const job = ['pod', 'job/e2e-rbac', '-n', 'default'];

  it('is enough for everything', async () => {
    for (const what of [['node', node], ['node', '--all'], job]) {
      const ended = await run(0, what);
      expect(ended.stderr).toBe('');
      const report = reportOf(ended, ended.code === 2 ? 2 : 0);
      expect(report.findings.filter((f) => f.status === 'unknown' || f.status === 'error')).toEqual([]);
    }
  });

  it.each(rights.map((right, i) => ({ ...right, n: i + 1 })))(
    'without $verb $resource $object a message names it',
    async ({ n, verb, resource, object }) => {
      const listsNodes = resource === 'nodes' && verb === 'list';
      const ended = await run(n, ofPods.has(resource) ? job : listsNodes ? ['node', '--all'] : ['node', node]);
      const said = ended.stdout.replaceAll('\\"', '"') + ended.stderr;
      expect(said).toContain(`cannot ${verb} resource "${resource}"`);
      expect(said).toContain(userOf(n));
      if (object !== undefined) expect(said).toContain(`"${object}" is forbidden`);
      const unusable =
        listsNodes || resource === 'jobs' || resource === 'pods/log' || ['create', 'delete'].includes(verb);
      if (unusable) {
        expect(ended.code).toBe(1);
        expect(ended.stdout).toBe('');
      } else {
        // the rest goes on: what needs none of it is judged
        const report = reportOf(ended, ended.code ?? -1);
        expect([0, 2, 3]).toContain(ended.code);
        expect(report.findings.some((f) => f.status === 'pass')).toBe(true);
      }
    },
  );

  it('a watch needs two more, and names each without which it goes on', async () => {
    const watch = () => run(0, ['node', node, '--checks', 'ports/nodeport-overlap', '--watch-for', '2s']);
    const first = await watch();
    expect([0, 2]).toContain(first.code);
    expect(first.stderr).toMatch(/Failed probes are not told.*cannot watch resource "events"/);
    expect(first.stderr).toMatch(/Pods that stop being Ready are not told.*cannot watch resource "pods"/);
    expect(ofWatch.flatMap((role) => role.rules)).toEqual([
      { apiGroups: [''], resources: ['events', 'pods'], verbs: ['watch'] },
    ]);
    const metadata = { name: `${userOf(0)}-watch` };
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: userOf(0) }];
    const roleRef = { kind: 'ClusterRole', apiGroup: 'rbac.authorization.k8s.io', name: metadata.name };
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata,
      subjects,
      roleRef,
    };
    await apply(...ofWatch.map((role) => ({ ...role, metadata })), binding);
    try {
      await until('the right is there', 20_000, async () => ((await watch()).stderr === '' ? true : null));
    } finally {
      await kubectl(['delete', `clusterrole/${metadata.name}`, `clusterrolebinding/${metadata.name}`]);
    }
  });

  it('who may look at one namespace alone can ask about its pods there, and hears of no other right but that on nodes', async () => {
    const role = 'e2e-rbac-dev';
    const user = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: role };
    const metadata = { name: role, namespace: 'default' };
    const rules = (roles[0]?.rules ?? []).filter((r) => !r.resources.includes('nodes'));
    const api = { apiVersion: 'rbac.authorization.k8s.io/v1' };
    await apply(
      { ...api, kind: 'Role', metadata, rules },
      {
        ...api,
        kind: 'RoleBinding',
        metadata,
        subjects: [user],
        roleRef: { kind: 'Role', apiGroup: 'rbac.authorization.k8s.io', name: role },
      },
    );
    try {
      const ended = await netdoctor([...job, '--no-probe', '--as', role, '-o', 'json']);
      const report = reportOf(ended, 3);
      expect(report.findings.filter((f) => f.status === 'pass').length).toBeGreaterThan(0);
      expect([...new Set((ended.stdout + ended.stderr).match(/cannot \w+ resource \W+\w+/g))]).toEqual([
        expect.stringMatching(/^cannot get resource \W+nodes$/),
      ]);
    } finally {
      await kubectl(['delete', '-n', 'default', `role/${role}`, `rolebinding/${role}`]);
    }
  });

  it('leaves no pod behind, with whatever rights', async () => {
    await until('no pod is left', 15_000, async () => ((await netdoctorPods()).length === 0 ? true : null));
  });
});

import { expect, test } from 'vitest';
import type { Severity } from '../../src/core/check.ts';
import { exitCode } from '../../src/core/exit-code.ts';
import type { FailOn } from '../../src/core/fail-on.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { ManifestSummary, PodSummary, TargetSummary } from '../../src/core/report.ts';

const base = { check: 'a/b', title: '', target: { kind: 'node', name: 'n' }, message: '' } as const;
const fails = (severity: Severity): Finding => ({
  ...base,
  status: 'fail',
  severity,
  messageId: '',
  data: {},
  evidence: [],
});
const target = (name: string, unread: string | null): TargetSummary => ({
  kind: 'node',
  name,
  via: unread === null ? 'debug-pod' : 'kube-api',
  unread,
  kernel: null,
  kubeProxyMode: null,
  portSpace: null,
});
const pass: Finding = { ...base, status: 'pass' };
const skipped: Finding = { ...base, status: 'skipped' };
const notApplicable: Finding = { ...base, status: 'not-applicable' };
const unknown: Finding = { ...base, status: 'unknown', missing: [] };
const broken: Finding = { ...base, status: 'error' };

test.each<[FailOn, readonly Finding[], number]>([
  ['warning', [], 0],
  ['warning', [pass, notApplicable, skipped], 0],
  ['warning', [pass, fails('info')], 0],
  ['warning', [pass, fails('warning')], 2],
  ['warning', [fails('critical'), unknown], 2],
  ['warning', [fails('info'), unknown], 3],
  ['warning', [pass, broken], 3],
  ['info', [fails('info')], 2],
  ['error', [fails('warning')], 0],
  ['error', [fails('error')], 2],
  ['critical', [fails('error'), unknown], 3],
  ['critical', [fails('critical')], 2],
  ['never', [fails('critical')], 0],
  ['never', [fails('critical'), unknown], 3],
])('--fail-on %s, %j → %i', (failOn, findings, code) => {
  expect(exitCode({ findings, targets: [target('n', null)] }, failOn)).toBe(code);
});

test.each<[string, readonly Finding[], number]>([
  ['nothing was found', [pass], 3],
  ['something was', [pass, fails('error')], 2],
])('a watch that broke off: %s → exit code', (_, findings, code) => {
  const unwatched = [{ node: 'n', seconds: 12, why: 'the debug pod was deleted meanwhile' }];
  expect(exitCode({ findings, targets: [target('n', null)], unwatched }, 'warning')).toBe(code);
});

const dead = 'node m is NotReady';
test.each<[string, readonly TargetSummary[], readonly Finding[], number]>([
  ['the only node was not read', [target('m', dead)], [], 1],
  ['no node was read', [target('m', dead), target('o', dead)], [], 1],
  ['one of two was not read', [target('n', null), target('m', dead)], [pass], 3],
  ['one was not read, the other has a problem', [target('n', null), target('m', dead)], [fails('error')], 2],
  ['what the API alone can judge was all that was asked', [target('n', dead)], [pass], 0],
  ['the API alone could not judge it', [target('n', dead)], [pass, unknown], 3],
])('%s → exit code', (_, targets, findings, code) => {
  expect(exitCode({ findings, targets }, 'warning')).toBe(code);
});

const pod = (name: string, unread: string | null): PodSummary => ({
  kind: 'pod',
  namespace: 'shop',
  name,
  via: unread === null ? 'debug-pod' : 'kube-api',
  unread,
  node: 'm',
  workload: null,
  phase: 'Running',
  ready: true,
  deleting: false,
  readyContainers: [1, 1],
  processes: [],
  termination: null,
});
const manifest = (line: number): ManifestSummary => ({
  kind: 'manifest',
  namespace: '',
  name: 'Deployment/web',
  file: 'web.yaml',
  line,
});
const on = (t: TargetSummary, f: Finding): Finding => ({
  ...f,
  target: t.kind === 'pod' ? { kind: t.kind, namespace: t.namespace, name: t.name } : t,
});

test.each<[string, readonly TargetSummary[], readonly Finding[], number]>([
  ['the only pod was not read', [pod('a', dead)], [], 1],
  ['neither the pod nor its node was read', [pod('a', dead), target('m', dead)], [], 1],
  ['of the pod the API was asked', [pod('a', dead)], [on(pod('a', dead), pass)], 0],
  ['one of two pods was not read', [pod('a', null), pod('b', dead)], [on(pod('a', null), pass)], 3],
  ['a pod was judged, its node was not', [pod('n', dead), target('n', dead)], [on(pod('n', dead), pass)], 3],
  ['a node of the same name was judged, the pod was not', [pod('n', dead), target('n', null)], [pass], 3],
  [
    'a pod of another namespace was judged',
    [{ ...pod('a', dead), namespace: 'x' }, pod('a', null)],
    [on(pod('a', null), pass)],
    3,
  ],
  [
    'a pod has a problem, another was not read',
    [pod('a', null), pod('b', dead)],
    [on(pod('a', null), fails('error'))],
    2,
  ],
  ['manifests are always read', [manifest(1), manifest(9)], [], 0],
  ['manifests have notes', [manifest(1)], [on(manifest(1), fails('info'))], 0],
  ['manifests have problems', [manifest(1)], [on(manifest(1), fails('warning'))], 2],
  ['a manifest could not be judged', [manifest(1)], [on(manifest(1), unknown)], 3],
])('pods and manifests: %s → exit code', (_, targets, findings, code) => {
  expect(exitCode({ findings, targets }, 'warning')).toBe(code);
});

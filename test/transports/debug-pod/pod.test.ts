import { describe, expect, it } from 'vitest';
import { file } from '../../../src/core/read.ts';
import { capabilityReasons, grantedCapabilities, notGranted } from '../../../src/transports/debug-pod/capabilities.ts';
import { podName, randomSuffix } from '../../../src/transports/debug-pod/name.ts';
import { type PodSettings, podFor } from '../../../src/transports/debug-pod/pod.ts';
import { podState } from '../../../src/transports/debug-pod/state.ts';

describe('podName', () => {
  it.each([
    ['worker-3', 'netdoctor-worker-3-abcde'],
    ['ip-10-0-0-1.eu-west-1.compute.internal', 'netdoctor-ip-10-0-0-1-eu-west-1-compute-internal-abcde'],
    ['a'.repeat(253), `netdoctor-${'a'.repeat(47)}-abcde`],
    [`${'a'.repeat(46)}.b`, `netdoctor-${'a'.repeat(46)}-abcde`],
    ['UPPER_case', 'netdoctor-upper-case-abcde'],
    ['...', 'netdoctor-abcde'],
  ])('makes a DNS label of %s', (node, name) => {
    expect(podName(node, 'abcde')).toBe(name);
    expect(name).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
  });

  it('takes a new suffix each time', () => {
    expect(new Set(Array.from({ length: 50 }, randomSuffix)).size).toBeGreaterThan(45);
    expect(randomSuffix()).toMatch(/^[a-z0-9]{5}$/);
  });
});

describe('podFor', () => {
  const settings: PodSettings = {
    ...{
      name: 'n',
      namespace: 'ns',
      node: 'node.example',
      image: 'i',
      imagePullPolicy: 'IfNotPresent',
      imagePullSecret: null,
    },
    ...{ capabilities: ['SYS_PTRACE'], program: 'echo', runId: 'r1', activeDeadlineSeconds: 77, graceSeconds: 1 },
  };
  const pod = podFor(settings);
  const container = pod.spec?.containers[0];

  it('comes to the shell as it was written: kubelet makes one dollar of two', () => {
    const program = 'echo $$ $$$ "$1" $(id) $$$$';
    const { command } = podFor({ ...settings, program }).spec?.containers[0] ?? {};
    // expansion.Expand of k8s.io/kubernetes, where no variable is known
    expect(command?.at(-1)?.replaceAll(/\$(\$|\([^)]*\))/g, (all, next) => (next === '$' ? '$' : all))).toBe(program);
    expect(command?.at(-1)).not.toBe(program);
  });

  it('is bound to the node, ends by itself and carries nothing of the cluster', () => {
    expect(pod.spec).toMatchObject({
      ...{
        nodeName: 'node.example',
        hostNetwork: true,
        hostPID: true,
        hostIPC: false,
        restartPolicy: 'Never',
        dnsPolicy: 'Default',
      },
      ...{
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        activeDeadlineSeconds: 77,
        terminationGracePeriodSeconds: 1,
      },
      tolerations: [{ operator: 'Exists' }],
    });
    expect(pod.spec).not.toHaveProperty('priorityClassName');
    expect(pod.spec).not.toHaveProperty('imagePullSecrets');
    expect(pod.metadata?.labels).toMatchObject({
      ...{
        'app.kubernetes.io/managed-by': 'kubectl-netdoctor',
        'app.kubernetes.io/name': 'netdoctor-probe',
        'netdoctor.io/run': 'r1',
      },
    });
  });

  it('has no rights but the named ones', () => {
    expect(container?.securityContext).toEqual({
      ...{ runAsUser: 0, runAsGroup: 0, runAsNonRoot: false, privileged: false, allowPrivilegeEscalation: false },
      ...{ readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } },
      ...{ seccompProfile: { type: 'RuntimeDefault' }, appArmorProfile: { type: 'Unconfined' } },
    });
    expect(container?.volumeMounts).toEqual([
      { name: 'host', mountPath: '/host', readOnly: true, recursiveReadOnly: 'IfPossible', mountPropagation: 'None' },
    ]);
    expect(pod.spec?.securityContext).toEqual({ seLinuxOptions: { type: 'spc_t' } });
    expect(container?.resources?.limits).toEqual({ memory: '256Mi' });
  });

  it('says the same of AppArmor by annotation and by field, as 1.30 demands', () => {
    expect(pod.metadata?.annotations?.[`container.apparmor.security.beta.kubernetes.io/${container?.name}`]).toBe(
      'unconfined',
    );
  });

  it('takes a pull secret', () => {
    const secret = podFor({
      ...{
        name: 'n',
        namespace: 'ns',
        node: 'x',
        image: 'i',
        imagePullPolicy: 'Always',
        imagePullSecret: 's',
        capabilities: [],
      },
      ...{ program: 'echo', runId: 'r1', activeDeadlineSeconds: 77, graceSeconds: 1 },
    });
    expect(secret.spec?.imagePullSecrets).toEqual([{ name: 's' }]);
    expect(secret.spec?.containers[0]?.securityContext?.capabilities).toEqual({ drop: ['ALL'] });
  });
});

describe('capabilities', () => {
  const plain = file('/proc/a');
  const chroot = file('/b', { requires: ['SYS_CHROOT'], uses: ['NET_ADMIN'] });
  const admin = file('/c', { requires: ['SYS_ADMIN'] });
  const raw = file('/d', { uses: ['NET_RAW'] });

  it.each([
    ['minimal', [plain, chroot, admin], []],
    ['default', [plain], []],
    ['default', [plain, chroot, admin], ['NET_ADMIN', 'SYS_CHROOT']],
    ['full', [plain], []],
    ['default', [raw], ['NET_RAW']],
    ['full', [chroot, admin], ['NET_ADMIN', 'SYS_ADMIN', 'SYS_CHROOT']],
  ] as const)('%s rights grant what the reads ask for', (rights, reads, expected) => {
    expect(grantedCapabilities(rights, reads)).toEqual(expected);
  });

  it('says which right a read lacks and what it is for', () => {
    expect(notGranted(plain, 'minimal', [])).toBeNull();
    expect(notGranted(chroot, 'default', ['SYS_CHROOT'])).toBeNull();
    expect(notGranted(admin, 'default', [])).toBe(`--rights default: needs SYS_ADMIN (${capabilityReasons.SYS_ADMIN})`);
  });
});

describe('podState', () => {
  const status = (state: object, more: object = {}) => ({
    status: { phase: 'Pending', containerStatuses: [{ state }], ...more },
  });

  it.each<[string, unknown, object]>([
    ['nothing', null, { kind: 'waiting', text: 'no phase' }],
    ['a new pod', { status: { phase: 'Pending' } }, { kind: 'waiting', text: 'Pending' }],
    [
      'pulling',
      status({ waiting: { reason: 'ContainerCreating' } }),
      { kind: 'waiting', text: 'Pending: ContainerCreating' },
    ],
    ['running', status({ running: {} }), { kind: 'started', ended: null }],
    ['done', status({ terminated: { exitCode: 0, reason: 'Completed' } }), { kind: 'started', ended: null }],
    [
      'killed',
      status({ terminated: { exitCode: 137, reason: 'OOMKilled' } }),
      { kind: 'started', ended: 'OOMKilled: exit 137' },
    ],
    [
      'out of time',
      status(
        { terminated: { exitCode: 143, reason: 'Error' } },
        { phase: 'Failed', reason: 'DeadlineExceeded', message: 'too long' },
      ),
      { kind: 'started', ended: 'DeadlineExceeded: too long' },
    ],
    [
      'ImagePullBackOff',
      status({ waiting: { reason: 'ImagePullBackOff', message: 'm' } }),
      { because: 'image', text: 'ImagePullBackOff: m' },
    ],
    ['RunContainerError', status({ waiting: { reason: 'RunContainerError', message: 'm' } }), { because: 'container' }],
    ['a refusal', { status: { phase: 'Failed', reason: 'OutOfcpu' } }, { because: 'node', text: 'OutOfcpu' }],
    ['a deletion', { metadata: { deletionTimestamp: 'now' }, status: { phase: 'Pending' } }, { because: 'deleted' }],
  ])('reads %s', (_, pod, expected) => {
    expect(podState(pod)).toMatchObject(expected);
  });
});

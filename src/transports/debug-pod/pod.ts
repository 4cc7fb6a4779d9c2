import type { V1Pod } from '@kubernetes/client-node';
import type { Capability } from '../../core/read.ts';
import { shellArgv } from './shell-argv.ts';

/** What makes one debug pod. */
export interface PodSettings {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly image: string;
  readonly imagePullPolicy: 'IfNotPresent' | 'Always' | 'Never';
  readonly imagePullSecret: string | null;
  readonly capabilities: readonly Capability[];
  /** The shell program that the container runs. */
  readonly program: string;
  /** Marks everything of one run; a valid label value. */
  readonly runId: string;
  /** After so many seconds the kubelet ends the pod, even if nobody deletes it. */
  readonly activeDeadlineSeconds: number;
  /** How long the container may take to end once it is deleted, in seconds. */
  readonly graceSeconds: number;
}

/** The name of its only container. */
export const containerName = 'probe';

/** The label and value by which all debug pods are found. */
export const managedBy = ['app.kubernetes.io/managed-by', 'kubectl-netdoctor'] as const;

/** The label that says of which run a pod is. */
export const runLabel = 'netdoctor.io/run';

/** How long a container that only reads may take to end once it is deleted, in seconds: its program ends at once on TERM. */
export const graceSeconds = 1;

/** Log shippers and sidecar injectors pass a pod by that carries these, each by its own documentation. */
const leaveAlone: Readonly<Record<string, string>> = {
  'fluentbit.io/exclude': 'true',
  'co.elastic.logs/enabled': 'false',
  'ad.datadoghq.com/logs_exclude': 'true',
  'k8s.grafana.com/logs.autogather': 'false',
  'splunk.com/exclude': 'true',
  'sumologic.com/exclude': 'true',
  'sidecar.istio.io/inject': 'false',
  'linkerd.io/inject': 'disabled',
};

/** The same, for those that look at labels: Vector, Deckhouse's log-shipper, Istio. */
const leaveAloneLabels: Readonly<Record<string, string>> = {
  'vector.dev/exclude': 'true',
  'log-shipper.deckhouse.io/exclude': 'true',
  'sidecar.istio.io/inject': 'false',
};

/** kubelet makes `$` of each `$$` in a command, and fills in `$(NAME)` of the container's environment, which has none (third_party/forked/golang/expansion). */
const unexpanded = (argument: string): string => argument.replaceAll('$$', '$$$$$$$$');

/**
 * The debug pod. Bound to the node past the scheduler; in the host's network and process namespaces; not privileged, no capability
 * but the named ones, its own root and the host's read-only.
 *
 * - AppArmor: the runtimes' default profile hides every process outside of it (ptrace read), whatever the capabilities. The
 *   annotation counts before Kubernetes 1.30, the field since; both are set, which 1.30 and later accept as long as they agree, and
 *   earlier servers drop the field, so nobody has to ask for the version first.
 * - SELinux: `spc_t` is the unconfined container domain; elsewhere the kubelet passes it to a runtime that ignores it.
 * - No CPU limit: throttling would stretch the reading; the memory limit protects the node.
 */
export const podFor = (s: PodSettings): V1Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: s.name,
    namespace: s.namespace,
    labels: {
      [managedBy[0]]: managedBy[1],
      'app.kubernetes.io/name': 'netdoctor-probe',
      [runLabel]: s.runId,
      ...leaveAloneLabels,
    },
    annotations: {
      'kubernetes.io/description':
        'Short-lived and read-only: kubectl netdoctor reads the state of this node. Safe to delete.',
      'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true',
      [`container.apparmor.security.beta.kubernetes.io/${containerName}`]: 'unconfined',
      ...leaveAlone,
    },
  },
  spec: {
    nodeName: s.node,
    hostNetwork: true,
    hostPID: true,
    hostIPC: false,
    tolerations: [{ operator: 'Exists' }],
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    dnsPolicy: 'Default',
    activeDeadlineSeconds: s.activeDeadlineSeconds,
    terminationGracePeriodSeconds: s.graceSeconds,
    ...(s.imagePullSecret === null ? {} : { imagePullSecrets: [{ name: s.imagePullSecret }] }),
    securityContext: { seLinuxOptions: { type: 'spc_t' } },
    containers: [
      {
        name: containerName,
        image: s.image,
        imagePullPolicy: s.imagePullPolicy,
        command: shellArgv(s.program).map(unexpanded),
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '256Mi' } },
        securityContext: {
          runAsUser: 0,
          runAsGroup: 0,
          runAsNonRoot: false,
          privileged: false,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'], ...(s.capabilities.length === 0 ? {} : { add: [...s.capabilities] }) },
          seccompProfile: { type: 'RuntimeDefault' },
          appArmorProfile: { type: 'Unconfined' },
        },
        volumeMounts: [
          {
            name: 'host',
            mountPath: '/host',
            readOnly: true,
            recursiveReadOnly: 'IfPossible',
            mountPropagation: 'None',
          },
        ],
      },
    ],
    volumes: [{ name: 'host', hostPath: { path: '/' } }],
  },
});

import type { Remedy } from '../../src/core/check.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { NodeSummary, Report } from '../../src/core/report.ts';
import type { Target } from '../../src/core/target.ts';

type NodeTarget = Extract<Target, { kind: 'node' }>;

const vm1: NodeTarget = { kind: 'node', name: 'vm1' };

const base = {
  apiVersion: 'netdoctor/v1',
  kind: 'Report',
  context: { name: 'lab-admin', cluster: 'lab', server: 'https://10.96.88.1:6443' },
  startedAt: '2026-11-23T20:14:05Z',
  durationMs: 3140,
} as const;

const summaryOf = (target: NodeTarget): NodeSummary => ({
  ...target,
  via: 'debug-pod',
  unread: null,
  kernel: '6.1.0-28-amd64',
  kubeProxyMode: 'ipvs',
  portSpace: {
    ephemeral: [12000, 65001],
    reserved: [],
    nodePortRange: [30000, 32767],
    nodePorts: [31055],
    victims: [31055],
  },
});

const reserve: Remedy = {
  say: 'Keep the kernel from using NodePorts as source ports: reserve them, on all nodes and in the node template.',
  now: ['sysctl -w net.ipv4.ip_local_reserved_ports=30000-32767'],
  persist: {
    file: '/etc/sysctl.d/90-netdoctor-nodeports.conf',
    content: 'net.ipv4.ip_local_reserved_ports = 30000-32767\n',
  },
  risk: 'none',
  covers: 'source ports that SNAT chooses (masqueraded pod traffic): neither sysctl binds them.',
};

const overlap: Finding = {
  check: 'ports/nodeport-overlap',
  title: 'No allocated NodePort lies in the ephemeral port range of the node',
  target: vm1,
  status: 'fail',
  severity: 'error',
  messageId: 'ipvs-hits',
  message:
    '1 allocated NodePort lies in the effective ephemeral range 12000-65001: 31055/TCP (shop/web). In IPVS mode a local connection that gets it as source port never sees its answer.',
  data: {
    effective: [[12000, 65001]],
    nodePortRange: [30000, 32767],
    ports: [{ port: 31055, protocol: 'TCP', service: 'shop/web' }],
  },
  evidence: [
    { source: '/proc/sys/net/ipv4/ip_local_port_range', text: '12000\t65001\n' },
    { source: '/proc/sys/net/ipv4/ip_local_reserved_ports', text: '\n' },
    { source: 'kubectl get services -A', text: 'shop/web 31055/TCP' },
    { source: '/proc/net/ip_vs', text: 'TCP  0AF40101:794F rr\n  -> 0AF40105:1F90      Masq    1      0          2' },
  ],
  fix: reserve,
};

const victim: Finding = {
  check: 'ports/nodeport-victims',
  title: 'No local connection uses a NodePort as its source port',
  target: vm1,
  status: 'fail',
  severity: 'critical',
  messageId: 'victim',
  message:
    'kubelet connects to 10.244.1.7:8080 (pod shop/cart-5d9f6c7b8-x2x7q) from source port 31055, the NodePort of Service shop/web: IPVS takes the SYN-ACK and sends it to pod shop/web-7c5ddbdf54-9hkzt. The connection times out, so the probe fails.',
  data: { port: 31055, protocol: 'TCP', service: 'shop/web', process: 'kubelet' },
  evidence: [
    { source: '/proc/1/net/tcp (sample 4 of 9)', text: 'SYN_SENT 10.244.1.1:31055 -> 10.244.1.7:8080 kubelet' },
    {
      source: '/proc/net/nf_conntrack',
      text: 'ipv4     2 tcp      6 57 SYN_RECV src=10.244.1.1 dst=10.244.1.7 sport=31055 dport=8080 src=10.244.1.7 dst=10.244.1.1 sport=8080 dport=31055 mark=0 use=1',
    },
    { source: '/proc/net/ip_vs_conn', text: 'TCP 0AF40107 1F90 0AF40101 794F 0AF40105 1F90 SYN_RECV 57' },
  ],
  fix: reserve,
};

const passed = (target: Target, check: string, title: string, message: string): Finding => ({
  check,
  title,
  target,
  status: 'pass',
  message,
});

const forwards = (target: Target): Finding =>
  passed(target, 'kernel/ip-forward', 'The node forwards packets', 'net.ipv4.ip_forward is 1');
const noListener = (target: Target): Finding =>
  passed(
    target,
    'ports/listener-in-range',
    'No service of the node listens in the ephemeral range',
    '14 listeners, none within 32768-60999',
  );

/** Incident I1: an IPVS node, range 12000-65001, NodePort 31055 of shop/web, kubelet as victim. */
export const incidentOne = (): Report => ({
  ...base,
  targets: [summaryOf(vm1)],
  findings: [
    forwards(vm1),
    {
      check: 'ports/listener-in-range',
      title: 'No service of the node listens in the ephemeral range',
      target: vm1,
      status: 'fail',
      severity: 'warning',
      messageId: 'listener',
      message:
        'etcd listens on 12379, within the ephemeral range 12000-65001: when it restarts, the port may be taken (EADDRINUSE).',
      data: { port: 12379, protocol: 'TCP', process: 'etcd', effective: [[12000, 65001]] },
      evidence: [{ source: '/proc/1/net/tcp', text: 'LISTEN 0.0.0.0:12379 etcd' }],
    },
    overlap,
    victim,
    {
      check: 'probes/failing',
      title: 'No probe of a pod of the node fails',
      target: vm1,
      status: 'fail',
      severity: 'warning',
      messageId: 'scattered-timeouts',
      message:
        'Probes of 3 pods timed out within the last hour, each once or twice: that points at the node, not at the apps.',
      data: { pods: 3, timeouts: 4 },
      evidence: [
        {
          source: "events of the node's pods",
          text: 'shop/cart-5d9f6c7b8-x2x7q Liveness probe failed: Get "http://10.244.1.7:8080/healthz": context deadline exceeded (2x)\nshop/web-7c5ddbdf54-9hkzt Readiness probe failed: dial tcp 10.244.1.5:8080: i/o timeout',
        },
      ],
    },
  ],
});

/** A healthy node in iptables mode. */
export const healthy = (): Report => {
  const node1: NodeTarget = { kind: 'node', name: 'node1' };
  return {
    ...base,
    durationMs: 2480,
    targets: [
      {
        ...summaryOf(node1),
        kernel: '6.18.5',
        kubeProxyMode: 'iptables',
        portSpace: {
          ephemeral: [32768, 60999],
          reserved: [[30000, 32767]],
          nodePortRange: [30000, 32767],
          nodePorts: [30080, 30443, 31055, 32001],
          victims: [],
        },
      },
    ],
    findings: [
      forwards(node1),
      noListener(node1),
      passed(
        node1,
        'ports/nodeport-overlap',
        overlap.title,
        'no NodePort lies in the effective ephemeral range 32768-60999',
      ),
      {
        check: 'ports/nodeport-victims',
        title: victim.title,
        target: node1,
        status: 'not-applicable',
        message: 'kube-proxy runs in iptables mode: a NodePort catches no answers',
      },
      passed(
        node1,
        'probes/failing',
        'No probe of a pod of the node fails',
        'no Unhealthy event of a pod of this node in the last hour',
      ),
    ],
  };
};

/** `--local` on a workstation's node as an ordinary user: no API, some tables closed. */
export const localWithUnknowns = (): Report => {
  const host: NodeTarget = { kind: 'node', name: 'worker-3' };
  return {
    ...base,
    context: null,
    durationMs: 2050,
    targets: [{ ...summaryOf(host), via: 'local', kubeProxyMode: null, portSpace: null }],
    findings: [
      forwards(host),
      noListener(host),
      {
        check: 'ports/nodeport-overlap',
        title: overlap.title,
        target: host,
        status: 'unknown',
        message: 'cannot read /proc/net/ip_vs: Permission denied (run as root)',
        missing: [
          {
            fact: 'kube-proxy/mode',
            gap: { kind: 'forbidden', detail: 'cannot read /proc/net/ip_vs: Permission denied (run as root)' },
          },
        ],
      },
      {
        check: 'ports/nodeport-victims',
        title: victim.title,
        target: host,
        status: 'error',
        message: "Cannot read properties of undefined (reading 'port')",
      },
      {
        check: 'probes/failing',
        title: 'No probe of a pod of the node fails',
        target: host,
        status: 'skipped',
        message: '--local asks no API for events',
      },
    ],
  };
};

/** Four nodes: two with the same fault, a healthy one, and one that could not be read. */
export const fleet = (): Report => {
  const sick = incidentOne();
  const well = healthy();
  const on = (name: string, { targets, findings }: Report): Pick<Report, 'targets' | 'findings'> => ({
    targets: targets.map((t) => ({ ...t, name })),
    findings: findings.map((f) => ({ ...f, target: { kind: 'node', name } })),
  });
  const parts = [on('vm1', sick), on('vm2', sick), on('node1', well)];
  const dead: NodeSummary = {
    kind: 'node',
    name: 'vm9',
    via: 'none',
    unread: 'node vm9 cannot get the image busybox:1.36: ErrImagePull: not found\nName an image that the node has.',
    kernel: null,
    kubeProxyMode: null,
    portSpace: null,
  };
  return {
    ...base,
    targets: [...parts.flatMap((p) => p.targets), dead],
    findings: parts.flatMap((p) => p.findings),
  };
};

/** A node that is not ready: what the API alone can judge is judged. */
export const notReady = (): Report => {
  const why = 'node vm9 is NotReady since 2026-11-23T20:00:00Z: Kubelet stopped posting node status';
  const vm9: NodeTarget = { kind: 'node', name: 'vm9' };
  return {
    ...base,
    targets: [{ ...summaryOf(vm9), via: 'kube-api', unread: why, kernel: null, kubeProxyMode: null, portSpace: null }],
    findings: [
      {
        check: 'kernel/ip-forward',
        title: 'The node forwards packets',
        target: vm9,
        status: 'unknown',
        message: why,
        missing: [{ fact: 'kernel/ip-forwarding', gap: { kind: 'failed', detail: why } }],
      },
    ],
  };
};

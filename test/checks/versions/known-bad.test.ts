import { describe, expect, it } from 'vitest';
import { knownBad } from '../../../src/checks/versions/known-bad.ts';
import { osFamily } from '../../../src/checks/versions/os-family.ts';
import { kernelRelease } from '../../../src/facts/kernel/release.ts';
import { type KubeProxyMode, proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { type ProxySync, proxySync } from '../../../src/facts/kube-proxy/sync.ts';
import { agents } from '../../../src/facts/node/agents.ts';
import { nodeKubernetesVersion } from '../../../src/facts/node/kubernetes-version.ts';
import { nodeOs } from '../../../src/facts/node/os.ts';
import { type KubernetesVersion, kubernetesVersionOf } from '../../../src/lib/kubernetes-version.ts';
import { type Case, gap, given, run, testCheck } from '../../support/check-tester.ts';
import { line, sync } from '../kube-proxy/sample-sync.ts';

const kubelet = given(agents, [{ pid: 7, name: 'kubelet', flags: {}, config: {} }]);

const version = (text: string): KubernetesVersion => {
  const found = kubernetesVersionOf(text);
  if (!found) throw new Error(text);
  return found;
};

interface Node {
  readonly kubelet: string;
  readonly kernel: string;
  readonly os: string;
  readonly mode?: KubeProxyMode;
  readonly sync?: Partial<ProxySync>;
}
const facts = (n: Node): Case['facts'] => [
  kubelet,
  given(kernelRelease, n.kernel),
  given(nodeOs, { name: n.os, source: '/etc/os-release' }),
  given(nodeKubernetesVersion, version(n.kubelet)),
  given(proxyMode, { mode: n.mode ?? 'iptables', source: '', replacedBy: null, leftoverServers: 0 }),
  n.sync ? given(proxySync, sync(n.sync)) : gap(proxySync),
];
const debian12 = 'Debian GNU/Linux 12 (bookworm)';
const centos8 = 'CentOS Linux 8 (Core)';
const el8 = '4.18.0-193.el8.x86_64';
const failing = (text?: string): Partial<ProxySync> => ({
  version: null,
  times: [],
  lines: [line(60, text), line(30, text)],
});

testCheck(knownBad, [
  {
    name: 'the lab',
    facts: facts({ kubelet: 'v1.34.4', kernel: '6.18.44', os: debian12, sync: {} }),
    expect: { status: 'pass', message: /^none known of Kubernetes v1\.34\.4, kernel 6\.18\.44, Debian/ },
  },
  {
    name: "incident I2: 1.13.10 on CentOS 8, and kube-proxy's log",
    facts: facts({
      kubelet: 'v1.13.10',
      kernel: el8,
      os: centos8,
      mode: 'ipvs',
      sync: failing("iptables-restore: Couldn't load target `KUBE-MARK-DROP'"),
    }),
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'legacy-only-proxy',
      data: { measured: true, kubernetes: 'v1.13.10', kernel: el8 },
      message: /This was measured here: iptables-restore: Couldn't load target/,
    },
  },
  {
    name: 'the same by versions alone',
    facts: facts({ kubelet: 'v1.13.10', kernel: el8, os: centos8, mode: 'ipvs' }),
    expect: { status: 'fail', severity: 'info', messageId: 'legacy-only-proxy', data: { measured: false } },
  },
  {
    name: 'the same where kube-proxy works',
    facts: facts({
      kubelet: 'v1.16.0',
      kernel: '6.1.0',
      os: 'Debian GNU/Linux 10 (buster)',
      sync: { version: 'v1.16.9' },
    }),
    expect: { status: 'fail', severity: 'info', messageId: 'legacy-only-proxy', data: { kubernetes: 'v1.16.0' } },
  },
  {
    name: 'kernel and iptables of today, without legacy tables',
    facts: facts({
      kubelet: 'v1.30.1',
      kernel: '6.17.1',
      os: 'Fedora Linux 43 (Server Edition)',
      sync: failing("can't initialize iptables table `nat': Table does not exist"),
    }),
    expect: { status: 'fail', severity: 'error', messageId: 'no-legacy-tables' },
  },
  {
    name: 'no API, and kube-proxy tells its version',
    facts: [
      kubelet,
      given(kernelRelease, '6.1.0-18-amd64'),
      given(nodeOs, { name: debian12, source: '/etc/os-release' }),
      given(nodeKubernetesVersion, version('v1.34.4')),
      gap(proxyMode),
      given(proxySync, sync()),
    ],
    expect: { status: 'pass' },
  },
  {
    name: 'no API, and nobody tells a version',
    facts: [kubelet, gap(nodeKubernetesVersion, 'not-chosen'), gap(proxySync)],
    expect: { status: 'skipped' },
  },
  {
    name: 'no Kubernetes',
    facts: [given(agents, []), gap(nodeKubernetesVersion, 'not-chosen')],
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a kernel of no version',
    facts: facts({ kubelet: 'v1.34.4', kernel: 'x', os: debian12 }),
    expect: { status: 'unknown' },
  },
]);

const ids = (n: Node): string[] => run(knownBad, facts(n)).flatMap((f) => (f.status === 'fail' ? [f.messageId] : []));

describe('combinations, at their edges', () => {
  const base: Node = { kubelet: 'v1.34.4', kernel: '6.1.0', os: debian12, sync: {} };
  it.each<[Partial<Node>, string[]]>([
    [{ kubelet: 'v1.16.15', os: 'Rocky Linux 8.9 (Green Obsidian)' }, ['legacy-only-proxy']],
    [{ kubelet: 'v1.17.1', os: 'Rocky Linux 8.9 (Green Obsidian)' }, []],
    [{ kubelet: 'v1.16.15', os: 'CentOS Linux 7 (Core)' }, []],
    [{ kubelet: 'v1.16.15', os: centos8, mode: 'none' }, []],
    [{ kubelet: 'v1.17.1' }, ['nft-skew']],
    [{ kubelet: 'v1.26.9' }, ['nft-skew']],
    [{ kubelet: 'v1.27.0' }, []],
    [{ kubelet: 'v1.26.9', os: 'Debian GNU/Linux 11 (bullseye)' }, []],
    [{ kubelet: 'v1.16.15', kernel: '6.17.0', os: 'CentOS Linux 7 (Core)' }, ['no-legacy-tables']],
    [
      { kubelet: 'v1.16.15', kernel: '6.16.0', os: 'Red Hat Enterprise Linux 10.0 (Coughlan)' },
      ['legacy-only-proxy', 'no-legacy-tables'],
    ],
    [{ mode: 'ipvs', kernel: '5.4.162' }, ['ipvs-dead-backends']],
    [{ mode: 'ipvs', kernel: '5.4.163' }, []],
    [{ mode: 'ipvs', kernel: '5.8.18' }, ['ipvs-dead-backends']],
    [{ mode: 'ipvs', kernel: '5.9.0' }, []],
    [{ mode: 'iptables', kernel: '5.4.162' }, []],
    [{ kernel: '4.19.219', mode: 'ipvs' }, ['dns-race']],
    [{ kernel: '4.19.219' }, ['dns-race']],
    [{ kernel: '4.19.219', mode: 'none' }, []],
    [{ kubelet: 'v1.15.7', os: 'x' }, ['stale-readiness']],
    [{ kubelet: 'v1.15.8', os: 'x' }, []],
    [{ kubelet: 'v1.17.0', os: 'x' }, ['stale-readiness']],
    [{ mode: 'nftables', kernel: '5.12.19' }, ['nftables-old-kernel']],
    [{ mode: 'nftables', kernel: '5.13.0' }, []],
    [{ mode: 'ipvs', kubelet: 'v1.35.0' }, ['ipvs-deprecated']],
    [{ mode: 'ipvs', kubelet: 'v1.34.9' }, []],
  ])('%j: %j', (more, want) => expect(ids({ ...base, ...more })).toEqual(want));
});

describe('families of systems', () => {
  it.each([
    ['Red Hat Enterprise Linux 9.4 (Plow)', 'el', 9],
    ['Red Hat Enterprise Linux CoreOS 418.94.202501 (Plow)', 'other', 0],
    ['CentOS Stream 9', 'el', 9],
    ['Oracle Linux Server 8.10', 'el', 8],
    ['AlmaLinux 8.10 (Cerulean Leopard)', 'el', 8],
    ['Ubuntu 24.04.1 LTS', 'ubuntu', 24],
    ['Debian GNU/Linux trixie/sid', 'other', 0],
    ['Amazon Linux 2023.6', 'other', 0],
    ['Flatcar Container Linux by Kinvolk 4081.2.0', 'other', 0],
    ['', 'other', 0],
  ])('%s', (name, family, major) => expect(osFamily({ name, source: '' })).toEqual({ family, major }));
});

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { known, missing } from '../../src/core/gap.ts';
import type { ReachTarget } from '../../src/facts/services/reach-targets.ts';
import type { Reachability, ReachRow } from '../../src/facts/services/reachability.ts';
import { policiesKube } from '../../src/probes/network/policies.kube.ts';
import { kubeletAddressKube } from '../../src/probes/node/kubelet-address.kube.ts';
import { chosenTargets } from '../../src/probes/services/chosen-targets.ts';
import { reachTargetsKube } from '../../src/probes/services/reach-targets.kube.ts';
import { reachabilityConnect } from '../../src/probes/services/reachability.connect.ts';
import { bareNode, type Collected, collect, needRoot, shells, tempDir } from '../transports/collector/run-program.ts';
import { json, kindOf, none, said, told } from './raws.ts';

const { tries } = reachabilityConnect.reads;
const target = (kind: ReachTarget['kind'], ip: string, node: string | null = null): ReachTarget => ({
  kind,
  protocol: 'TCP',
  ip,
  port: 80,
  service: 'a/b',
  pod: node === null ? null : `a/${node}`,
  node,
});

describe('what the API says', () => {
  it('of the addresses needs Services and EndpointSlices', () => {
    const empty = json({ items: [] });
    expect(told(reachTargetsKube.parse({ services: empty, slices: empty }))).toEqual([]);
    expect(kindOf(reachTargetsKube.parse({ services: none('forbidden'), slices: empty }))).toBe('forbidden');
    expect(kindOf(reachTargetsKube.parse({ services: empty, slices: none('timeout') }))).toBe('timeout');
  });

  it('of policies: where there are some', () => {
    const items = ['shop', 'bank', 'shop'].map((namespace) => ({ metadata: { namespace } }));
    expect(told(policiesKube.parse({ list: json({ items }) }))).toEqual(['bank', 'shop']);
    expect(kindOf(policiesKube.parse({ list: none('forbidden') }))).toBe('forbidden');
  });

  it("of kubelet: the node's InternalIP and the port", () => {
    const node = (addresses: object[], Port?: number): object => ({
      status: { addresses, daemonEndpoints: { kubeletEndpoint: { Port } } },
    });
    const internal = { type: 'InternalIP', address: '10.0.0.5' };
    const parse = (body: object): unknown => kindOf(kubeletAddressKube.parse({ node: json(body) }));
    expect(parse(node([{ type: 'Hostname', address: 'n' }, internal], 10250))).toEqual({ ip: '10.0.0.5', port: 10250 });
    expect(parse(node([internal], 0))).toBe('unsupported');
    expect(parse(node([], 10250))).toBe('unsupported');
    expect(kindOf(kubeletAddressKube.parse({ node: none() }))).toBe('absent');
  });
});

describe('what a node tries', () => {
  it('of pods those of the ten nodes behind it, round about, never its own', () => {
    const all = Array.from({ length: 14 }, (_, i) => target('pod', `10.244.${i}.2`, `n${String(i).padStart(2, '0')}`));
    const nodes = (of: string): string =>
      chosenTargets(all, of)
        .map((t) => t.node?.slice(1))
        .join(' ');
    expect(nodes('n11')).toBe('12 13 00 01 02 03 04 05 06 07');
    expect(nodes('n00')).toBe('01 02 03 04 05 06 07 08 09 10');
  });

  it('of all else a few', () => {
    const all = Array.from({ length: 9 }, (_, i) => target('api-endpoint', `10.0.0.${9 - i}`));
    expect(chosenTargets(all, 'n').map((t) => t.ip)).toEqual([
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.4',
      '10.0.0.5',
    ]);
  });

  it('goes to the program as words; without the API nothing does', () => {
    const vars = reachabilityConnect.params?.vars;
    const kubeletAddress = known({ ip: 'fd00::5', port: 10250 });
    expect(vars?.({ reachTargets: known([target('api-vip', '10.96.0.1')]), kubeletAddress }, 'n')).toEqual({
      reach: 'api-vip,tcp,10.96.0.1,80 kubelet,tcp,fd00::5,10250',
    });
    const no = missing('not-chosen', 'no API');
    expect(vars?.({ reachTargets: known([]), kubeletAddress: no }, 'n')).toEqual({ reach: '' });
    expect(vars?.({ reachTargets: no, kubeletAddress }, 'n')).toEqual({});
  });

  it('is a table or a gap', () => {
    expect(kindOf(reachabilityConnect.parse({ tries: none('tool-missing') }))).toBe('tool-missing');
    expect(kindOf(reachabilityConnect.parse({ tries: said('row\n') }))).toBe('unparsable');
  });
});

const read = (c: Collected): Reachability => {
  const parsed = reachabilityConnect.parse({ tries: c.raws.get(tries.id) ?? none() });
  if (!parsed.ok) throw new Error(`${parsed.gap.kind}: ${parsed.gap.detail}`);
  return parsed.value;
};
const short = (rows: readonly ReachRow[]): string[] => rows.map((r) => `${r.kind} ${r.address} ${r.result}`);

/** A network namespace with a server on 127.0.0.1:8080, a DNS server on [::1]:5354 that refuses all, and an address that swallows everything. */
const inNamespace = (argv: readonly string[]): string[] => {
  needRoot();
  const dir = tempDir();
  const server = join(dir, 'server.py');
  writeFileSync(
    server,
    `import socket, threading
t = socket.create_server(('127.0.0.1', 8080))
u = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
u.bind(('::1', 5354))
print('up', flush=True)
while True:
    data, peer = u.recvfrom(512)
    if data[12:23] == b'\\nkubernetes': u.sendto(data[:2] + b'\\x81\\x85' + data[4:], peer)
`,
  );
  const setUp = `ip link set lo up
iptables -A OUTPUT -d 127.0.0.9 -j DROP
iptables -A OUTPUT -d 127.0.0.10 -p tcp -j REJECT --reject-with icmp-host-prohibited
python3 ${server} >${dir}/up 2>&1 </dev/null & p=$!
until [ -s ${dir}/up ]; do sleep 0.05; done
"$@"
kill $p`;
  return ['unshare', '--net', 'sh', '-c', setUp, 'sh', ...argv];
};

const words = [
  'pod,tcp,127.0.0.1,8080',
  'pod,tcp,127.0.0.1,8081',
  'api-vip,tcp,127.0.0.9,443',
  'api-endpoint,tcp,127.0.0.10,6443',
  'api-endpoint,tcp,192.0.2.1,6443',
  'dns-vip,udp,::1,5354',
  'dns-pod,udp,127.0.0.1,53',
].join(' ');
const outcome = [
  'api-vip 127.0.0.9 timeout',
  'api-endpoint 127.0.0.10 unreachable',
  'api-endpoint 192.0.2.1 unreachable',
  'dns-vip ::1 answers',
  'dns-pod 127.0.0.1 refused',
  'pod 127.0.0.1 answers',
  'pod 127.0.0.1 refused',
];

describe.each(shells)('the script in %s', (_, argv) => {
  it('tells what answers from what does not', { timeout: 40_000 }, async () => {
    const c = await collect([tries], { argv: inNamespace(argv), vars: { reach: words } });
    const { rows, by } = read(c);
    expect(short(rows)).toEqual(outcome);
    expect(by.tcp).toMatch(/busybox nc/);
    const [vip] = rows;
    expect(vip).toMatchObject({ tries: 2, error: 'nc: timed out' });
    expect(vip?.ms).toBeGreaterThanOrEqual(2900);
    expect(vip?.route).toMatch(/^local 127\.0\.0\.9 dev lo/);
    expect(c.ms).toBeLessThan(28_000);
  });
});

it('the script tries by bash where there is no busybox', { timeout: 60_000 }, async () => {
  const tools = ['bash', 'sh', 'awk', 'tr', 'ls', 'head', 'tail', 'ip', 'cat', 'id', 'base64', 'sleep', 'uname'];
  const bare = bareNode(['dash', '-s'], tools);
  const c = await collect([tries], { argv: inNamespace(bare), vars: { reach: words } });
  const { rows, by } = read(c);
  expect(short(rows)).toEqual(outcome);
  expect(by.tcp).toMatch(/\/dev\/tcp/);
});

it('where nothing can connect no row is made up', async () => {
  const tools = ['awk', 'tr', 'ls', 'head', 'ip', 'cat', 'id', 'base64', 'sleep'];
  const c = await collect([tries], { argv: bareNode(['dash', '-s'], tools), vars: { reach: words } });
  expect(c.text(tries)).toMatch(/^tool-missing: /);
});

/** A node with these files and this kubelet; `kubelet` is a copy of sleep under that name, its flags those of the test. */
const node = async (
  files: Readonly<Record<string, string>>,
  ipVs: readonly string[],
  awk: string,
): Promise<string[]> => {
  const dir = tempDir();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  const where = (program: string): string =>
    spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
  symlinkSync(where(awk), join(bin, 'awk'));
  writeFileSync(
    join(bin, 'kubelet.py'),
    'import time; open("/proc/self/comm", "w").write("kubelet"); print("up", flush=True); time.sleep(60)',
  );
  for (const program of ['nft', 'iptables-save']) {
    writeFileSync(join(bin, program), `#!/bin/sh\ncat ${join(dir, `${program}.txt`)} 2>/dev/null\n`);
    chmodSync(join(bin, program), 0o755);
  }
  writeFileSync(join(dir, 'ip_vs'), ipVs.map((l) => `${l}\n`).join(''));
  const moved = {
    ...tries,
    script: tries.script.replaceAll('/proc/net/ip_vs', join(dir, 'ip_vs')).replaceAll('nd_loaded nf_tables', 'true'),
  };
  const setUp = `ip link set lo up
python3 ${bin}/kubelet.py --config=${dir}/config.yaml --kubeconfig ${dir}/kubelet.conf >${dir}/up </dev/null & p=$!
until [ -s ${dir}/up ]; do sleep 0.05; done
"$@"
kill $p`;
  const c = await collect([moved], {
    argv: ['unshare', '--net', 'sh', '-c', setUp, 'sh', 'dash', '-s'],
    env: { PATH: `${bin}:${process.env.PATH}` },
  });
  const { rows, notKnown } = read(c);
  return [...rows.map((r) => `${r.kind} ${r.address}:${r.port}/${r.protocol}`), ...notKnown.map((n) => `no ${n.kind}`)];
};

const config = 'kind: KubeletConfiguration\nport: 10251\nclusterDNS:\n- 10.96.0.10\n- 10.96.0.11\nclusterDomain: x\n';
const kubeconfig = (server: string): string =>
  `apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: aGVsbG8=\n    # server: https://9.9.9.9\n    server: ${server}\n    tls-server-name: x\n  name: c\n`;
const dnsRows = ['dns-vip 10.96.0.10:53/TCP', 'dns-vip 10.96.0.10:53/UDP'];
const own = 'kubelet 127.0.0.1:10251/TCP';
const servers = (real: string): string[] => [
  'IP Virtual Server version 1.2.1 (size=4096)',
  'TCP  0A60000A:0035 rr ',
  '  -> 0AF40102:0035      Masq    1      0          0         ',
  'TCP  0A600001:01BB rr ',
  `  -> ${real}:192B      Masq    1      0          0         `,
  'TCP  [fd00:0000:0000:0000:0000:0000:0000:0001]:01BB rr ',
  '  -> 0AF40109:1F90      Masq    1      0          0         ',
];
const rule =
  '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-X\n';
const map =
  '\t\telements = { 10.96.0.10 . tcp . 53 : goto service-N-kube-system/kube-dns/tcp/dns-tcp,\n\t\t\t     10.96.0.1 . tcp . 443 : goto service-2-default/kubernetes/tcp/https }\n';

const awks = ['mawk', 'busybox', 'gawk', 'original-awk'].filter(
  (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0,
);

describe.each(awks)('without the API, with awk of %s', { timeout: 40_000 }, (awk) => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[], readonly string[]]>([
    [
      "the virtual server with kubelet's API server behind it",
      { 'config.yaml': config, 'kubelet.conf': kubeconfig('https://10.0.0.1:6443') },
      servers('0A000001'),
      ['api-vip 10.96.0.1:443/TCP', 'api-endpoint 10.0.0.1:6443/TCP', ...dnsRows, own],
    ],
    [
      'kubelet goes through a load balancer',
      { 'config.yaml': config, 'kubelet.conf': kubeconfig('"https://127.0.0.1:6443/"') },
      servers('0A000001'),
      ['api-vip 10.96.0.1:443/TCP', 'api-endpoint 127.0.0.1:6443/TCP', ...dnsRows, own],
    ],
    [
      'a rule of iptables, DNS in one line',
      {
        'config.yaml': 'clusterDNS: ["10.96.0.10"]\naddress: 127.0.0.2\n',
        'kubelet.conf': '{clusters: [{name: a, cluster: {server: "https://10.0.0.1", x: y}}]}',
        'iptables-save.txt': rule,
      },
      [],
      ['api-vip 10.96.0.1:443/TCP', 'api-endpoint 10.0.0.1:443/TCP', ...dnsRows, 'kubelet 127.0.0.2:10250/TCP'],
    ],
    [
      'a map of nftables, NodeLocal DNSCache',
      {
        'config.yaml': config.replace('10.96.0.10\n', '169.254.20.10\n'),
        'kubelet.conf': kubeconfig('https://[fd00::1]:6443'),
        'nft.txt': map,
      },
      [],
      ['api-vip 10.96.0.1:443/TCP', 'api-endpoint fd00::1:6443/TCP', own, 'no dns-vip'],
    ],
    ['neither rules nor files', {}, [], ['kubelet 127.0.0.1:10250/TCP', 'no dns-vip', 'no api-endpoint', 'no api-vip']],
    [
      'hostile files',
      {
        'config.yaml': 'port: $(reboot)\nclusterDNS:\n- $(reboot)\n',
        'kubelet.conf': kubeconfig('https://$(reboot):6443'),
        'iptables-save.txt': rule.replace('10.96.0.1/32', '`reboot`').replace('443', '*'),
      },
      [],
      ['kubelet 127.0.0.1:10250/TCP', 'no dns-vip', 'no api-endpoint', 'no api-vip'],
    ],
  ])('%s', async (_, files, ipVs, want) => {
    expect(await node(files, ipVs, awk)).toEqual(want);
  });
});

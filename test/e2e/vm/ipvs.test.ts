// lab: it breaks an IPVS node
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  apply,
  applyFix,
  diagnoseByCollector,
  failureOf,
  findingOf,
  kubectl,
  labCommand,
  onNode,
  settledProxy,
  startOnNode,
  until,
} from '../../support/cluster.ts';
import { namespace, namespaceObject } from '../../support/manifests.ts';

const node = 'vm1';
const vip = '10.96.0.1';
const look = (checks = 'ipvs/*') => diagnoseByCollector(node, checks, '2s');
const sh = (line: string): Promise<string> => onNode(node, ['sh', '-c', line]);
/** Connects from the node to the API server's Service, one after another in the background. */
const connects = (count: number): Promise<string> =>
  sh(`(for i in $(seq ${count}); do timeout 10 busybox nc ${vip} 443; done) >/dev/null 2>&1 </dev/null &`);

/** Says who it is, and closes: so the client's port is free again at once. Never ends by itself. */
const backend = (name: string): string => `
import socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 18181))
s.listen(16)
while True:
    c, _ = s.accept()
    c.sendall(b"${name}")
    c.close()
`;
/** One connection from a source port (0: any), and who answered; "" where nobody did. */
const connectFrom = (port: number, ip: string): Promise<string> =>
  onNode(node, [
    'python3',
    '-c',
    `
import socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", ${port}))
s.settimeout(10)
try:
    s.connect(("${ip}", 80))
    print(s.recv(100).decode())
except OSError:
    print("")
`,
  ]).then((out) => out.trim());
const fromSamePort = (ip: string): Promise<string> => connectFrom(45678, ip);

/** A Service whose only backend is at this address. */
const serviceOf = (ip: string): readonly object[] => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'rolling', namespace },
    spec: { ports: [{ port: 80, targetPort: 18181 }] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'rolling', namespace, labels: { 'kubernetes.io/service-name': 'rolling' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [ip] }],
    ports: [{ port: 18181 }],
  },
];

describe('IPVS', () => {
  beforeAll(async () => {
    await labCommand('node', node, '--mode', 'ipvs');
  });
  afterAll(async () => {
    await sh('sysctl -w net.ipv4.vs.conn_reuse_mode=1 net.ipv4.vs.expire_nodest_conn=1');
    await labCommand('service', node, 'kube-proxy', 'resume');
    await sh('iptables -t nat -S KUBE-POSTROUTING | grep -q MASQUERADE || kill "$(pidof kube-proxy)"');
  });

  it('incident I2: the masquerade is gone and connects to the VIP hang; reused source ports keep dead backends. The printed fixes mend both', async () => {
    await settledProxy(node);
    await labCommand('service', node, 'kube-proxy', 'pause');
    await sh('iptables -t nat -F KUBE-POSTROUTING');
    await sh('sysctl -w net.ipv4.vs.conn_reuse_mode=0 net.ipv4.vs.expire_nodest_conn=0');
    await connects(6);
    await until('a half-open connection', 30_000, async () =>
      (await sh('cat /proc/net/ip_vs_conn')).includes('SYN_RECV') ? true : null,
    );
    const report = await look('ipvs/*,kube-proxy/rules-missing');
    const missing = failureOf(report, 'kube-proxy/rules-missing');
    expect(missing).toMatchObject({ severity: 'critical' });
    expect(missing.message).toMatch(/KUBE-POSTROUTING|masquerade/i);
    const stuck = failureOf(report, 'ipvs/stuck-handshakes');
    expect(stuck).toMatchObject({
      severity: 'warning',
      messageId: 'own',
      data: { virtual: { ip: vip, port: 443 }, client: { ip: vip }, masqueraded: false },
    });
    expect(stuck.message).toMatch(/The source is the VIP itself.*KUBE-POSTROUTING/);
    const reuse = failureOf(report, 'ipvs/connection-reuse');
    expect(reuse).toMatchObject({
      severity: 'warning',
      messageId: 'old-backend',
      data: { connReuseMode: 0, expireNodestConn: false },
    });

    await labCommand('service', node, 'kube-proxy', 'resume');
    const lines = [...(stuck.fix?.now ?? []), ...(reuse.fix?.now ?? [])];
    expect(lines).toEqual([expect.stringMatching(/^kill \d+$/), 'sysctl -w net.ipv4.vs.expire_nodest_conn=1']);
    for (const f of [stuck, reuse]) await applyFix(node, f);
    await until('the rules are there again', 120_000, async () =>
      (await sh('iptables -t nat -S KUBE-POSTROUTING')).includes('MASQUERADE') ? true : null,
    );
    const after = await until('connects get through', 60_000, async () => {
      await sh(`timeout 10 busybox nc ${vip} 443 </dev/null || true`);
      const r = await look();
      const found = findingOf(r, 'ipvs/stuck-handshakes');
      return found.status === 'pass' || (found.status === 'fail' && found.severity === 'info') ? r : null;
    });
    expect(findingOf(after, 'ipvs/connection-reuse').status).toBe('pass');
  });

  it('in a rolling update a reused source port stays at the backend that is gone, until the printed fix', async () => {
    await sh('sysctl -w net.ipv4.vs.conn_reuse_mode=0 net.ipv4.vs.expire_nodest_conn=0');
    const backends = ['node1', 'node2'].map((n) =>
      startOnNode(n, ['python3', '-c', backend(n)], { timeoutMs: 600_000 }),
    );
    try {
      const ipOf = (n: string): Promise<string> =>
        kubectl(['get', 'node', n, '-o', 'jsonpath={.status.addresses[?(@.type=="InternalIP")].address}']);
      const [old, young] = [await ipOf('node1'), await ipOf('node2')];
      await apply(namespaceObject);
      await apply(...serviceOf(old));
      const vip = await kubectl(['get', 'service', '-n', namespace, 'rolling', '-o', 'jsonpath={.spec.clusterIP}']);
      // from other ports: a connection of the time in which kube-proxy had the VIP, but not yet its masquerade, leaves a conntrack entry without it
      await until('the old backend answers', 120_000, async () =>
        (await connectFrom(0, vip)) === 'node1' ? true : null,
      );
      expect(await fromSamePort(vip)).toBe('node1');

      await apply(...serviceOf(young));
      const rows = (): Promise<string> => sh("awk '/:4705 / { print $2, $4 }' /proc/net/ip_vs");
      await until('the old backend has weight 0', 60_000, async () => (/ 0\n/.test(await rows()) ? true : null));
      expect(await fromSamePort(vip)).toBe('node1');
      const found = failureOf(await look(), 'ipvs/connection-reuse');
      expect(found).toMatchObject({ severity: 'warning', messageId: 'old-backend', data: { draining: { count: 1 } } });
      expect(found.message).toContain(`1 backend with weight 0 (${old}:18181 of ${vip}:80) still has`);

      await applyFix(node, found);
      expect(await fromSamePort(vip)).toBe('node2');
      expect(findingOf(await look(), 'ipvs/connection-reuse').status).toBe('pass');
    } finally {
      for (const b of backends) {
        b.kill('SIGTERM');
        await b.done;
      }
      await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=60s']);
    }
  });

  it('a kernel that has lost a module of ipset: that kube-proxy cannot write its rules is told behind it', async () => {
    const type = 'ip_set_hash_ipportnet';
    const modules = '/lib/modules/$(uname -r)';
    // its log becomes that of a pod, as a runtime would write it: here it is a process
    const log = '/var/log/containers/kube-proxy-fault_kube-system_kube-proxy-0.log';
    await sh(
      `mkdir -p /var/log/containers; (tail -n 0 -F /var/log/netdoctor-lab/kube-proxy.log | while IFS= read -r l; do printf '%s stderr F %s\\n' "$(date -u +%FT%TZ)" "$l"; done >${log}) >/dev/null 2>&1 </dev/null &`,
    );
    await labCommand('service', node, 'kube-proxy', 'stop');
    await sh(
      `for set in $(ipset list -t | awk '/^Name:/ { n = $2 } /^Type: hash:ip,port,net/ { print n }'); do ipset destroy "$set"; done; rmmod ${type}
      cp -rL --no-preserve=all ${modules}/modules.builtin /tmp/builtin; grep -v ${type} ${modules}/modules.dep >/tmp/dep; readlink ${modules} >/tmp/modules
      rm ${modules}; mkdir ${modules}; mv /tmp/builtin ${modules}/modules.builtin; mv /tmp/dep ${modules}/modules.dep`,
    );
    await labCommand('service', node, 'kube-proxy', 'start');
    const both = 'kernel/modules,kube-proxy/sync-failing';
    const report = await until('kube-proxy has failed twice', 200_000, async () => {
      const r = await look(both);
      return findingOf(r, 'kube-proxy/sync-failing').status === 'fail' ? r : null;
    });
    const cause = failureOf(report, 'kernel/modules');
    expect(cause).toMatchObject({ severity: 'error', messageId: 'missing', data: { missing: [type] } });
    const failing = failureOf(report, 'kube-proxy/sync-failing');
    expect(failing).toMatchObject({ severity: 'error', messageId: 'failing', because: ['kernel/modules'] });
    expect(failing.message).toMatch(/ipset|ip set/);

    // the package that has it
    await sh(`rm -r ${modules}; ln -s "$(cat /tmp/modules)" ${modules}`);
    for (const f of [cause, failing]) await applyFix(node, f);
    await until('it writes its rules', 120_000, async () => {
      const r = await look(both);
      return r.findings.every((f) => f.status === 'pass') ? true : null;
    });
    await sh(`pkill -f netdoctor-lab/kube-prox[y].log; rm ${log}`);
  });
});

// lab: it uses up the source ports of a node and its pods
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { apply, applyFix, diagnose, findingOf, kubectl, netdoctorOn, onNode, reportOf } from '../support/cluster.ts';
import { namespace, namespaceObject } from '../support/manifests.ts';

const node = 'node2';
const check = 'ports/exhaustion';
const pod = 'narrow-1';
const own = 'exhaustion-fault';

/** Connections to servers of its own, on loopback addresses: python3 -c TEXT NAME COUNT SERVERS [bind]; says when they are there. */
const connections = `
import socket, sys, time
n, m, bind = int(sys.argv[2]), int(sys.argv[3]), len(sys.argv) > 4
ends = []
for i in range(m):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.%d" % (50 + i), 7001))
    s.listen(200)
    ends.append(s)
for i in range(n):
    c = socket.socket()
    if bind:
        c.bind(("127.0.0.1", 0))
    c.connect(ends[i % m].getsockname())
    ends += [c, ends[i % m].accept()[0]]
print("ready", flush=True)
time.sleep(240)
`;

/** 150 UDP flows to one destination, each again and again. */
const datagrams = `
import socket, sys, time
flows = []
for i in range(150):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("", 20000 + i))
    flows.append(s)
end = time.time() + 240
while time.time() < end:
    for s in flows:
        try:
            s.sendto(b"x", ("10.123.0.11", 9999))
        except OSError:
            pass
    time.sleep(0.3)
`;

const shell = (line: string): Promise<string> => onNode(node, ['sh', '-c', line]);
/** Runs it there beside everything, and waits until it says that it is ready. */
const inBackground = async (before: string, text: string, ...args: readonly (string | number)[]): Promise<void> => {
  const out = `/tmp/${own}.$$`;
  await onNode(node, [
    'sh',
    '-c',
    `setsid ${before} python3 -c "$1" ${own} ${args.join(' ')} >${out} 2>&1 </dev/null &
    i=0; while [ $i -lt 50 ] && ! grep -q ready ${out}; do sleep 0.2; i=$((i + 1)); done; cat ${out}; rm -f ${out}; [ $i -lt 50 ]`,
    'sh',
    text,
  ]);
};
const rule = 'POSTROUTING -p udp -d 10.123.0.11 --dport 9999 -j MASQUERADE --to-ports 61000-61099';
const local = async (code: number): Promise<Report> =>
  reportOf(await netdoctorOn(node, ['node', '--local', '--window', '1s', '--checks', check, '-o', 'json']), code);

const failures = (report: Report) =>
  report.findings.flatMap((f) => (f.check === check && f.status === 'fail' ? [f] : []));
/** The failing findings of the check, by their message's id and severity. */
const told = (report: Report): string[] => failures(report).map((f) => `${f.messageId} ${f.severity}`);

const narrow = 'echo 45000 45099 >/proc/sys/net/ipv4/ip_local_port_range';

describe('source ports that run out, made for real', () => {
  let inPod = '';

  beforeAll(async () => {
    await apply(namespaceObject, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod, namespace },
      spec: {
        nodeName: node,
        terminationGracePeriodSeconds: 0,
        securityContext: { sysctls: [{ name: 'net.ipv4.ip_local_port_range', value: '40000 40099' }] },
        containers: [
          { name: 'sleep', image: 'busybox:1.36', imagePullPolicy: 'IfNotPresent', command: ['sleep', '98765'] },
        ],
      },
    });
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', `pod/${pod}`, '--timeout=60s']);
    inPod = `nsenter -t ${(await shell("pgrep -f '^sleep 9876[5]'")).trim()} -n`;
    await shell('sysctl -w net.ipv4.ip_local_port_range="50000 50099"');
    await inBackground('', connections, 95, 1);
    await inBackground(inPod, connections, 62, 1);
    await shell(`iptables -t nat -I ${rule}`);
    await inBackground(inPod, `print("ready", flush=True)${datagrams}`);
  });

  afterAll(async () => {
    await shell(`pkill -f '${own.slice(0, -1)}[${own.slice(-1)}]'; iptables -t nat -D ${rule} 2>/dev/null; true`);
    await shell('sysctl -w net.ipv4.ip_local_port_range="32768 60999" net.ipv4.ip_local_reserved_ports=');
    await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=90s']);
  });

  it('of the node, of a pod and of NAT are found, and the printed fixes mend them', async () => {
    const report = await diagnose([node, '--window', '1s', '--checks', check], 2);
    expect(told(report).sort()).toEqual(['destination error', 'destination warning', 'snat-range error']);
    const [host, ofPod, nat] = failures(report);
    expect(host?.message).toMatch(
      /^The node: 95 of 100 source ports from 127\.0\.0\.1 to 127\.0\.0\.50:7001 .* python3/,
    );
    expect(ofPod).toMatchObject({
      data: { pod: `${namespace}/${pod}`, taken: 62, rangeKnownBy: 'spec', process: 'python3' },
    });
    expect(nat).toMatchObject({ data: { entries: 100, lowest: 61000, highest: 61099, protocol: 'udp' } });
    // root on the node reads the ranges of other namespaces, so also of one that is no pod's
    await inBackground(`unshare -n sh -c '${narrow}; ip link set lo up; exec "$@"' sh`, connections, 70, 4, 'bind');
    const before = await local(2);
    expect(told(before)).toEqual(['destination error', 'source warning', 'destination warning', 'snat-range error']);
    for (const f of failures(before)) await applyFix(node, f);
    await shell(`iptables -t nat -D ${rule}`);
    expect(findingOf(await local(0), check).status).toBe('pass');
  });
});

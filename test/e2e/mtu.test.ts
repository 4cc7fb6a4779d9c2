// lab: it makes a tunnel on a node and changes MTUs
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { apply, diagnose, kubectl, onNode } from '../support/cluster.ts';
import { namespace, namespaceObject, server } from '../support/manifests.ts';

const node = 'node2';
const look = ['--window', '0', '--checks', 'mtu/mismatch'];

type Failure = Extract<Finding, { status: 'fail' }>;
const problems = async (code: number): Promise<Failure[]> =>
  (await diagnose([node, ...look], code)).findings.flatMap((f) => (f.status === 'fail' ? [f] : []));
const mend = async (found: readonly Failure[]): Promise<void> => {
  for (const line of found.flatMap((f) => f.fix?.now ?? [])) await onNode(node, ['sh', '-c', line]);
};

describe('MTUs of a node', () => {
  beforeAll(async () => {
    await apply(namespaceObject, server('mtu-1', { node }));
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod/mtu-1', '--timeout=60s']);
  });
  afterAll(async () => {
    await onNode(node, ['sh', '-c', 'ip link del flannel.1 2>/dev/null; true']);
    await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=90s']);
  });

  it('pods and a tunnel that are too large for what is below are found, and the printed fixes mend them', async () => {
    const tunnel =
      'ip link add flannel.1 type vxlan id 1 dstport 8472 nolearning && ip link set flannel.1 mtu 1500 up && ' +
      'ip route add 10.250.1.0/24 via 10.250.1.0 dev flannel.1 onlink';
    await onNode(node, ['sh', '-c', tunnel]);
    const found = await problems(2);
    expect(found.map((f) => `${f.severity} ${f.messageId}`)).toEqual([
      'error pods-too-large',
      'warning tunnel-too-large',
    ]);
    expect(found[0]?.data).toMatchObject({
      limit: 1450,
      tunnel: 'flannel.1',
      pods: expect.arrayContaining([{ pod: `pod ${namespace}/mtu-1`, device: 'eth0', mtu: 1500 }]),
    });
    await mend(found);
    expect(await problems(0)).toEqual([]);
  });

  it('a veth pair with two MTUs is found with its pod, and the printed fix mends it', async () => {
    const [port = ''] = (await onNode(node, ['sh', '-c', 'cd /sys/class/net && ls -d veth*'])).split('\n');
    await onNode(node, ['ip', 'link', 'set', 'dev', port, 'mtu', '1400']);
    const found = await problems(2);
    expect(found.map((f) => `${f.severity} ${f.messageId}`)).toEqual(['warning veth-ends']);
    expect(found[0]?.data).toMatchObject({
      pod: `pod ${namespace}/mtu-1`,
      device: 'eth0',
      peer: { name: port, mtu: 1400 },
    });
    await mend(found);
    expect(await problems(0)).toEqual([]);
  });
});

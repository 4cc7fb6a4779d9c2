// lab: it makes a tunnel on a node and changes MTUs, one of the bridge between the nodes too
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { apply, applyFix, diagnose, findingOf, kubectl, labCommand, onNode, until } from '../support/cluster.ts';
import { namespace, namespaceObject, server } from '../support/manifests.ts';

const node = 'node2';
const look = ['--window', '0', '--checks', 'mtu/mismatch'];

type Failure = Extract<Finding, { status: 'fail' }>;
const problems = async (code: number, of = node): Promise<Failure[]> =>
  (await diagnose([of, ...look], code)).findings.flatMap((f) => (f.status === 'fail' ? [f] : []));
const mend = async (found: readonly Failure[], on = node): Promise<void> => {
  for (const f of found) await applyFix(on, f);
};

describe('MTUs of a node', () => {
  beforeAll(async () => {
    const spec = { selector: { app: 'mtu' }, ports: [{ port: 8080 }] };
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'mtu', namespace }, spec };
    await apply(namespaceObject, service, server('mtu-1', { node }));
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod/mtu-1', '--timeout=60s']);
    // what is left of pods that are gone would be told too
    await until('one pod on the node', 60_000, async () =>
      (await onNode(node, ['sh', '-c', 'ls -d /sys/class/net/veth*'])).trim().split('\n').length === 1 ? true : null,
    );
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
      pods: expect.arrayContaining([{ pod: `pod ${namespace}/mtu-1`, device: 'eth0', mtu: 1500, routeMtu: null }]),
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

  it('a way that swallows what is large is found from another node, and the printed fix mends it', async () => {
    const other = 'node1';
    const large = (await diagnose([other, ...look], 0)).findings;
    expect(large).toMatchObject([{ message: expect.stringMatching(/came through as large as the route allows/) }]);
    const routes = (await onNode(other, ['ip', 'route', 'show'])).split('\n').filter((r) => / dev eth0 /.test(`${r} `));
    try {
      // the bridge drops what is larger than the port to the node, and tells nobody
      await labCommand('exec', '--', 'ip', 'link', 'set', 'dev', `v-${node}`, 'mtu', '1400');
      const found = await problems(2, other);
      expect(found.map((f) => `${f.severity} ${f.messageId}`)).toEqual(['error black-hole']);
      expect(found[0]?.data).toMatchObject({
        device: 'eth0',
        mtu: 1500,
        through: 1400,
        paths: expect.arrayContaining([
          expect.objectContaining({ to: `node ${node}` }),
          expect.objectContaining({ to: expect.stringMatching(`^pod .* on ${node}$`) }),
        ]),
      });
      await mend(found, other);
      expect(await problems(0, other)).toEqual([]);
    } finally {
      await labCommand('exec', '--', 'ip', 'link', 'set', 'dev', `v-${node}`, 'mtu', '1500');
      for (const route of routes) await onNode(other, ['sh', '-c', `ip route replace ${route}`]);
    }
    const again = findingOf(await diagnose([other, ...look], 0), 'mtu/mismatch');
    expect(again).toMatchObject({ status: 'pass' });
  });
});

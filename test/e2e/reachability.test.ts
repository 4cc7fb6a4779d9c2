// lab: it takes the rules, routes and ways of a node away
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  apply,
  diagnose,
  failureOf,
  findingOf,
  kubectl,
  labCommand,
  netdoctorOn,
  onNode,
  reportOf,
  until,
} from '../support/cluster.ts';
import { namespace, namespaceObject, server } from '../support/manifests.ts';

const [node, other] = ['node2', 'node1'];
const check = 'service/vip-unreachable';
const only = ['--checks', check, '--window', '0'];
const on = (command: string): Promise<string> => onNode(node, ['sh', '-c', command]);

/** The fault, what netdoctor says meanwhile, and the node as it was. */
const during = async <T>(fault: string, mend: string, look: () => Promise<T>): Promise<T> => {
  try {
    await on(fault);
    return await look();
  } finally {
    await on(mend);
  }
};
const seen = async () => failureOf(await diagnose([node, ...only], 2), check);
const web = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace },
  spec: { selector: { app: 'web' }, ports: [{ port: 8080 }] },
};

describe('what does not answer from a node, made for real', () => {
  beforeAll(async () => {
    await apply(namespaceObject, web, server('web-1', { node: other }), server('web-2', { node: other }));
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod', '-l', 'app=web', '--timeout=60s']);
  });
  afterAll(() => kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=90s']));

  it('all answers, also without the API', async () => {
    const local = reportOf(await netdoctorOn(node, ['node', '--local', ...only, '-o', 'json']), 0);
    expect(findingOf(local, check)).toMatchObject({ status: 'pass', message: expect.stringMatching(/^5 of 5/) });
  });

  it("a rule that drops the API server's Service", async () => {
    const rule = 'OUTPUT -d 10.96.0.1 -j DROP';
    const found = await during(`iptables -t mangle -I ${rule}`, `iptables -t mangle -D ${rule}`, seen);
    expect(found).toMatchObject({ severity: 'critical', messageId: 'api-vip' });
    expect(found.message).toMatch(/answers at 10\.123\.0\.1:6443\/TCP, its Service does not .* while the DNS Service/);
  });

  it("all of kube-proxy's rules gone, and kube-proxy with them", async () => {
    await labCommand('service', node, 'kube-proxy', 'stop');
    try {
      await on('iptables -t nat -F KUBE-SERVICES');
      const found = await seen();
      expect(found).toMatchObject({ messageId: 'data-plane' });
      expect(found.message).toMatch(/neither does the DNS Service/);
    } finally {
      await labCommand('service', node, 'kube-proxy', 'start');
      await until('kube-proxy has written its rules', 20_000, () =>
        on('iptables-save -t nat | grep "^-A KUBE-SERVICES .*default/kubernetes:https"').catch(() => null),
      );
    }
  });

  it("a wrong route to another node's pods", async () => {
    const route = (await on(`ip route show 10.244.1.0/24`)).trim();
    const found = await during('ip route replace 10.244.1.0/24 via 10.123.0.250', `ip route replace ${route}`, seen);
    expect(found).toMatchObject({ messageId: expect.stringMatching(/^no-way-to-/) });
    expect(found.message).toMatch(new RegExp(`^No pod on ${other} answers`));
    expect(found.evidence).toContainEqual(
      expect.objectContaining({ text: expect.stringMatching(/via 10\.123\.0\.250/) }),
    );
  });

  it('one pod alone proves nothing', async () => {
    const ip = await kubectl(['get', 'pod', '-n', namespace, 'web-1', '-o', 'jsonpath={.status.podIP}']);
    const rule = `OUTPUT -d ${ip} -j DROP`;
    const look = () => diagnose([node, ...only], 3);
    const found = findingOf(await during(`iptables -I ${rule}`, `iptables -D ${rule}`, look), check);
    expect(found).toMatchObject({ status: 'unknown', message: expect.stringMatching(/web-1 on node1.*NetworkPolicy/) });
  });

  it('on a node that has lost the API server --local names that', async () => {
    const rule = 'OUTPUT -d 10.123.0.1 -p tcp --dport 6443 -j DROP';
    const look = () => netdoctorOn(node, ['node', '--local', ...only, '-o', 'json']);
    const report = reportOf(await during(`iptables -I ${rule}`, `iptables -D ${rule}`, look), 2);
    expect(failureOf(report, check)).toMatchObject({ messageId: 'control-plane' });
  });
});

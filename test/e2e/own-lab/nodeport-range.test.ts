// lab: it needs an apiserver with another NodePort range
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  apply,
  applyFix,
  diagnose,
  failureOf,
  findingOf,
  kubectl,
  labCommand,
  onNode,
  until,
} from '../../support/cluster.ts';
import { namespace, namespaceObject, nodePortService, server } from '../../support/manifests.ts';

const node = 'vm1';

beforeAll(async () => {
  await labCommand('down');
  await labCommand('up', '--nodeport-range', '20000-22767');
  await labCommand('node', node, '--mode', 'ipvs');
  await apply(namespaceObject);
  await apply(server('web-1', { node: 'node1' }), nodePortService('web', 'web', 21055));
  await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod', '--all', '--timeout=120s']);
  await until('a virtual server for the NodePort', 60_000, async () =>
    (await onNode(node, ['cat', '/proc/net/ip_vs'])).includes(':523F ') ? true : null,
  );
});
afterAll(async () => {
  await labCommand('down');
  await labCommand('up');
});

it('follows the range that the Services have, or the one that the user gives', async () => {
  await onNode(node, ['sysctl', '-w', 'net.ipv4.ip_local_port_range=12000 65001']);
  const inferred = failureOf(
    await diagnose([node, '--window', '0', '--checks', 'ports/nodeport-overlap'], 2),
    'ports/nodeport-overlap',
  );
  expect(inferred).toMatchObject({
    severity: 'error',
    data: {
      ports: [{ port: 21055, service: `${namespace}/web` }],
      nodePortRange: { from: 21055, to: 21055, known: false },
    },
    fix: { now: ['sysctl -w net.ipv4.ip_local_reserved_ports=21055'] },
  });
  const given = failureOf(
    await diagnose(
      [node, '--window', '0', '--checks', 'ports/nodeport-overlap', '--node-port-range', '20000-22767'],
      2,
    ),
    'ports/nodeport-overlap',
  );
  expect(given.fix?.now).toEqual(['sysctl -w net.ipv4.ip_local_reserved_ports=20000-22767']);
  await applyFix(node, given);
  const after = findingOf(
    await diagnose(
      [node, '--window', '0', '--checks', 'ports/nodeport-overlap', '--node-port-range', '20000-22767'],
      0,
    ),
    'ports/nodeport-overlap',
  );
  expect(after.status).toBe('pass');
});

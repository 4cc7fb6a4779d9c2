import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';
import type { RunContext } from '../../src/app/request.ts';

const context: RunContext = {
  program: 'netdoctor',
  env: {},
  signal: new AbortController().signal,
  onProgress: () => {},
  onLeftBehind: () => {},
};

it('full queues, recorded on the lab, are told with the pod, the process and the socket', async () => {
  const path = join(import.meta.dirname, '../bundles/i3-socket-queues.bundle');
  const report = await diagnose(
    { about: 'nodes', source: { kind: 'bundle', path }, windowSeconds: 0, checks: ['sockets/*'] },
    context,
  );
  const told = report.findings.flatMap((f) =>
    f.status === 'fail' ? [`${f.severity} ${f.messageId}: ${f.message}`] : [],
  );
  expect(told).toEqual([
    expect.stringMatching(/^error overflow: .* It is \[::\]:8097 of httpd \(pod e2e-g\/slow-1, pid \d+\): 10 waiting/),
    expect.stringMatching(
      /^warning dropped: .* 0\.0\.0\.0:8098 of python3 \(the node, pid \d+\): 6 half open, backlog 5/,
    ),
    expect.stringMatching(/^warning receive: .* Dropped by: 0\.0\.0\.0:8099 of python3 \(pod e2e-g\/slow-1, pid \d+\)/),
  ]);
  expect(report.findings.map((f) => f.status)).toEqual(['fail', 'fail', 'pass', 'fail']);
});

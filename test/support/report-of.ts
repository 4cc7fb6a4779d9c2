import { factsOfHeader } from '../../src/app/facts-of-header.ts';
import { portSpace } from '../../src/app/port-space.ts';
import { allChecks } from '../../src/checks/index.ts';
import { factsTable, type Raws } from '../../src/core/facts-table.ts';
import { judge } from '../../src/core/judge.ts';
import { plan } from '../../src/core/plan.ts';
import type { NodeRead } from '../../src/core/read.ts';
import type { Report } from '../../src/core/report.ts';
import type { Target } from '../../src/core/target.ts';
import { kernelRelease } from '../../src/facts/kernel/release.ts';
import { proxyMode } from '../../src/facts/kube-proxy/mode.ts';
import { allProbes } from '../../src/probes/index.ts';

/** Checks of pods need one that was chosen. */
const checks = allChecks.filter((c) => c.per !== 'pod');
const wanted = plan(checks, allProbes, factsOfHeader);

/** What all checks ask of a node. */
export const allNodeReads: readonly NodeRead[] = wanted.node;

/** What all checks, and the header, make of these answers: everything behind the transports, without a file or a clock. */
export const reportOf = (raws: Raws, node = 'n1'): Report => {
  const lookup = factsTable(allProbes, raws);
  const target: Target = { kind: 'node', name: node };
  const mode = lookup(proxyMode);
  const kernel = lookup(kernelRelease);
  return {
    apiVersion: 'netdoctor/v1',
    kind: 'Report',
    context: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    targets: [
      {
        ...target,
        via: 'bundle',
        unread: null,
        kernel: kernel.ok ? kernel.value : null,
        kubeProxyMode: mode.ok ? mode.value.mode : null,
        portSpace: portSpace(lookup),
      },
    ],
    findings: checks.flatMap((check) => judge(check, target, lookup)),
  };
};

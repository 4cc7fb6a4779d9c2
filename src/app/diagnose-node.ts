import { allChecks } from '../checks/index.ts';
import { factsTable } from '../core/facts-table.ts';
import { judge } from '../core/judge.ts';
import { plan } from '../core/plan.ts';
import type { Report } from '../core/report.ts';
import type { Target } from '../core/target.ts';
import { kernelRelease } from '../facts/kernel/release.ts';
import { proxyMode } from '../facts/kube-proxy/mode.ts';
import { allProbes } from '../probes/index.ts';
import { saveBundle } from '../transports/bundle.ts';
import { chooseChecks } from './choose-checks.ts';
import type { Collect } from './collected.ts';
import { factsOfHeader } from './facts-of-header.ts';
import { fromBundle } from './from-bundle.ts';
import { fromNode } from './from-node.ts';
import { fromThisMachine } from './from-this-machine.ts';
import { givenProbes } from './given-probe.ts';
import { portSpace } from './port-space.ts';
import type { NodeRequest, RunContext } from './request.ts';
import { version } from './version.ts';

const collectorOf = (request: NodeRequest): Collect => {
  switch (request.source.kind) {
    case 'pod':
      return fromNode;
    case 'local':
      return fromThisMachine;
    case 'bundle':
      return fromBundle;
  }
};

/**
 * Asks, reads, judges and reports one node. Throws what the transports throw when nothing can be read at all; deletes what it made
 * before it returns or throws.
 */
export const diagnoseNode = async (request: NodeRequest, context: RunContext): Promise<Report> => {
  const startedAt = new Date();
  const began = performance.now();
  const checks = chooseChecks(allChecks, request.checks);
  const probes = [...givenProbes(request.nodePortRange), ...allProbes];
  const wanted = plan(checks, probes, factsOfHeader);
  const collected = await collectorOf(request)(request, wanted, context);
  const lookup = factsTable(probes, collected.raws);
  const target: Target = { kind: 'node', name: collected.node };
  const mode = lookup(proxyMode);
  const kernel = lookup(kernelRelease);
  const findings = checks.flatMap((c) => judge(c, target, lookup));
  if (request.save !== undefined) {
    await saveBundle(
      request.save,
      {
        netdoctorBundle: 1,
        version,
        node: collected.node,
        startedAt: startedAt.toISOString(),
        context: collected.context,
        raws: Object.fromEntries(collected.aside),
      },
      collected.stream,
    );
  }
  return {
    apiVersion: 'netdoctor/v1',
    kind: 'Report',
    context: collected.context,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - began),
    targets: [
      {
        ...target,
        via: collected.via,
        kernel: kernel.ok ? kernel.value : null,
        kubeProxyMode: mode.ok ? mode.value.mode : null,
        portSpace: portSpace(lookup),
      },
    ],
    findings,
  };
};

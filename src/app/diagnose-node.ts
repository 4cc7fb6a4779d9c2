import { allChecks } from '../checks/index.ts';
import { ApiError } from '../cluster/api-error.ts';
import { grantAdvice } from '../cluster/grant.ts';
import type { AnyCheck } from '../core/check.ts';
import { factsTable, type Raws } from '../core/facts-table.ts';
import type { Finding } from '../core/finding.ts';
import { judge } from '../core/judge.ts';
import { plan } from '../core/plan.ts';
import type { AnyProbe } from '../core/probe.ts';
import type { Report, TargetSummary } from '../core/report.ts';
import type { Target } from '../core/target.ts';
import { TransportError } from '../core/transport.ts';
import { kernelRelease } from '../facts/kernel/release.ts';
import { proxyMode } from '../facts/kube-proxy/mode.ts';
import { allProbes } from '../probes/index.ts';
import type { Manifest } from '../transports/bundle/manifest.ts';
import { createBundle } from '../transports/bundle.ts';
import { chooseChecks } from './choose-checks.ts';
import type { Collect, Collected } from './collected.ts';
import { factsOfHeader } from './facts-of-header.ts';
import { fromBundle } from './from-bundle.ts';
import { fromNode } from './from-node.ts';
import { fromThisMachine } from './from-this-machine.ts';
import { givenProbes } from './given-probe.ts';
import { kubectlFor } from './kubectl-for.ts';
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

interface Judged {
  readonly node: string;
  readonly context: Report['context'];
  readonly summary: TargetSummary;
  readonly findings: readonly Finding[];
  /** Why there is nothing to judge. */
  readonly error: Error | null;
}

const unjudged = (c: Extract<Collected, { ok: false }>): Judged => ({
  node: c.node,
  context: c.context,
  summary: {
    kind: 'node',
    name: c.node,
    via: 'none',
    unread:
      c.error instanceof TransportError || c.error instanceof ApiError
        ? c.error.message
        : `an error in netdoctor itself: ${c.error.message}`,
    kernel: null,
    kubeProxyMode: null,
    portSpace: null,
  },
  findings: [],
  error: c.error,
});

const judged = (
  c: Extract<Collected, { ok: true }>,
  checks: readonly AnyCheck[],
  probes: readonly AnyProbe[],
): Judged => {
  const lookup = factsTable(probes, c.raws);
  const target: Target = { kind: 'node', name: c.node };
  const mode = lookup(proxyMode);
  const kernel = lookup(kernelRelease);
  return {
    node: c.node,
    context: c.context,
    summary: {
      ...target,
      via: c.via,
      unread: c.unread,
      kernel: kernel.ok ? kernel.value : null,
      kubeProxyMode: mode.ok ? mode.value.mode : null,
      portSpace: portSpace(lookup),
    },
    findings: checks.flatMap((check) => judge(check, target, lookup)),
    error: null,
  };
};

/** Rights that are missing and answers that were cut, which no finding names: a check that can do without a fact says nothing of it. */
const untold = (raws: Raws, findings: readonly Finding[]): readonly string[] =>
  [...raws.values()].flatMap((raw) =>
    !raw.ok &&
    (raw.gap.kind === 'forbidden' || raw.gap.kind === 'truncated') &&
    !findings.some((f) => f.message.includes(raw.gap.detail))
      ? [raw.gap.detail]
      : [],
  );

const manifestOf = (c: Extract<Collected, { ok: true }>, startedAt: Date): Manifest => ({
  netdoctorBundle: 1,
  version,
  node: c.node,
  startedAt: startedAt.toISOString(),
  context: c.context,
  raws: Object.fromEntries(c.aside),
});

/** What would mend rights that were missing, once for all nodes. */
const tellGrant = (
  { source }: NodeRequest,
  all: readonly Judged[],
  lost: readonly string[],
  context: RunContext,
): void => {
  if (source.kind !== 'pod') return;
  const unknown = all.flatMap((j) => j.findings).flatMap((f) => (f.status === 'unknown' ? [f.message] : []));
  const text = grantAdvice([...new Set([...unknown, ...lost])], kubectlFor(source.flags));
  if (text !== null) context.onProgress({ kind: 'note', text });
};

/** As the user named them; by name where they were chosen otherwise. */
const inAskedOrder = (all: readonly Judged[], { source }: NodeRequest): readonly Judged[] => {
  const names = source.kind === 'pod' && source.nodes.by === 'name' ? source.nodes.names : [];
  return all.toSorted((a, b) => names.indexOf(a.node) - names.indexOf(b.node) || (a.node < b.node ? -1 : 1));
};

/**
 * Asks, reads, judges and reports nodes, in the order in which they were named. A node that could not be read is told in the report; what
 * fails the run as a whole (its only node, or all of them for the same reason) is thrown. Deletes what it made before it returns or throws.
 */
export const diagnoseNode = async (request: NodeRequest, context: RunContext): Promise<Report> => {
  const startedAt = new Date();
  const began = performance.now();
  const checks = chooseChecks(allChecks, request.checks);
  const probes = [...givenProbes(request.nodePortRange), ...allProbes];
  const wanted = plan(checks, probes, factsOfHeader);
  const done = new Map<string, Judged>();
  const lost = new Set<string>();
  // before anything is made on the cluster: a report is not to be lost to a path that is wrong
  const bundle = request.save === undefined ? null : await createBundle(request.save);
  let saved = false;
  try {
    for await (const collected of collectorOf(request)(request, wanted, context)) {
      if (!collected.ok) {
        done.set(collected.node, unjudged(collected));
        continue;
      }
      const one = judged(collected, checks, probes);
      done.set(collected.node, one);
      for (const text of untold(collected.aside, one.findings)) {
        if (!lost.has(text)) context.onProgress({ kind: 'note', text });
        lost.add(text);
      }
      if (!bundle) continue;
      saved = true;
      await bundle.write(manifestOf(collected, startedAt), collected.stream).catch((error: unknown) => {
        context.onProgress({ kind: 'note', text: error instanceof Error ? error.message : String(error) });
      });
    }
  } finally {
    if (!saved) await bundle?.discard();
  }
  tellGrant(request, [...done.values()], [...lost], context);
  const all = inAskedOrder([...done.values()], request);
  const [first] = all;
  // one node, or the same for all of them: that is the failure of the run
  if (first?.error && all.every((j) => j.error?.message === first.error?.message)) throw first.error;
  return {
    apiVersion: 'netdoctor/v1',
    kind: 'Report',
    context: first?.context ?? null,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - began),
    targets: all.map((j) => j.summary),
    findings: all.flatMap((j) => j.findings),
  };
};

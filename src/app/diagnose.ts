import { allChecks } from '../checks/index.ts';
import { ApiError } from '../cluster/api-error.ts';
import { grantAdvice } from '../cluster/grant.ts';
import { withCauses } from '../core/causes.ts';
import type { AnyCheck } from '../core/check.ts';
import { factsTable, type Raws } from '../core/facts-table.ts';
import type { Finding } from '../core/finding.ts';
import { type Plan, plan } from '../core/plan.ts';
import type { AnyProbe } from '../core/probe.ts';
import type { Report, TargetSummary, Unwatched } from '../core/report.ts';
import { type Target, targetText } from '../core/target.ts';
import { TransportError } from '../core/transport.ts';
import { defined } from '../lib/defined.ts';
import { allProbes } from '../probes/index.ts';
import type { Manifest } from '../transports/bundle/manifest.ts';
import { createBundle } from '../transports/bundle.ts';
import { chooseChecks } from './choose-checks.ts';
import type { Collect, Collected } from './collected.ts';
import { beforeWatch, type EarlierRun, earlierRun, sinceEarlier } from './earlier-run.ts';
import { factsOfHeader, factsOfPodHeader, factsOfWatch } from './facts-of-header.ts';
import { fromBundle } from './from-bundle.ts';
import { fromCluster } from './from-cluster.ts';
import { fromThisMachine } from './from-this-machine.ts';
import { givenProbes } from './given-probe.ts';
import { judgeNode } from './judge-node.ts';
import { judgePods } from './judge-pods.ts';
import { kubectlFor } from './kubectl-for.ts';
import type { DiagnoseRequest, RunContext } from './request.ts';
import { suppressor } from './suppressor.ts';
import { version } from './version.ts';
import { watchNodes } from './watch-nodes.ts';
import { watchedProbe } from './watched-probe.ts';

const collectorOf = (request: DiagnoseRequest): Collect => {
  switch (request.source.kind) {
    case 'cluster':
      return fromCluster;
    case 'local':
      return fromThisMachine;
    case 'bundle':
      return fromBundle;
  }
};

interface Judged {
  /** Null: pods that are on no node. */
  readonly node: string | null;
  readonly context: Report['context'];
  readonly targets: readonly TargetSummary[];
  readonly findings: readonly Finding[];
  /** Why there is nothing to judge. */
  readonly error: Error | null;
}

const unjudged = (c: Extract<Collected, { ok: false }>): Judged => ({
  node: c.node,
  context: c.context,
  targets: [
    {
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
  ],
  findings: [],
  error: c.error,
});

const judged = (
  c: Extract<Collected, { ok: true }>,
  { about }: DiagnoseRequest,
  checks: readonly AnyCheck[],
  probes: readonly AnyProbe[],
): Judged => {
  const lookup = factsTable(probes, c.raws);
  const perPod = checks.filter((check) => check.per === 'pod');
  const perNode = checks.filter((check) => check.per !== 'pod');
  const pods = about === 'pods' ? judgePods(c, perPod, lookup) : null;
  // a bundle of a run that made no pod (--no-probe) holds nothing of the node
  const wasRead = c.via !== 'bundle' || c.stream !== '';
  const ofNode = c.node !== null && (about === 'nodes' || (perNode.length > 0 && wasRead));
  const node = ofNode ? judgeNode(c, c.node, perNode, lookup) : null;
  return {
    node: c.node,
    context: c.context,
    targets: [...(pods?.targets ?? []), ...(node?.targets ?? [])],
    findings: withCauses([...(pods?.findings ?? []), ...(node?.findings ?? [])], checks),
    error: null,
  };
};

/** What was read, with the counters of an earlier run before its own. */
const compared = <C extends Extract<Collected, { ok: true }>>(
  c: C,
  earlier: EarlierRun | null,
  { onProgress }: RunContext,
): C => {
  if (earlier === null || c.node === null) return c;
  const { raws, note } = sinceEarlier(earlier, c.node, c.raws);
  if (note !== null) onProgress({ kind: 'note', text: note });
  return { ...c, raws };
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
  node: c.node ?? '',
  startedAt,
  context: c.context,
  raws: Object.fromEntries(c.aside),
});

/** What would mend rights that were missing, once for all nodes. */
const tellGrant = (
  { source }: DiagnoseRequest,
  all: readonly Judged[],
  lost: readonly string[],
  context: RunContext,
): void => {
  if (source.kind !== 'cluster') return;
  const unknown = all.flatMap((j) => j.findings).flatMap((f) => (f.status === 'unknown' ? [f.message] : []));
  const text = grantAdvice([...new Set([...unknown, ...lost])], kubectlFor(source.flags));
  if (text !== null) context.onProgress({ kind: 'note', text });
};

/** As the user named them; by name where they were chosen otherwise. */
const inAskedOrder = (all: readonly Judged[], { source }: DiagnoseRequest): readonly Judged[] => {
  const names = source.kind === 'cluster' && source.choice.by === 'name' ? source.choice.names : [];
  const rank = ({ node }: Judged): number => (node === null ? names.length : names.indexOf(node));
  return all.toSorted((a, b) => rank(a) - rank(b) || ((a.node ?? '') < (b.node ?? '') ? -1 : 1));
};

/** Pods before nodes, each by name. */
const podsFirst = <T>(things: readonly T[], targetOf: (thing: T) => Target): readonly T[] => {
  const key = (thing: T): string => {
    const t = targetOf(thing);
    return `${t.kind === 'pod' ? 0 : 1} ${targetText(t)}`;
  };
  return things.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
};

/** Commands in fixes talk to the cluster that was asked, as the same user. */
const withKubectl = (f: Finding, kubectl: string): Finding => {
  if (f.status !== 'fail' || f.fix === undefined) return f;
  const mine = (text: string): string => text.replaceAll(/^kubectl(?= )/gm, () => kubectl);
  const { now, examples } = f.fix;
  return {
    ...f,
    fix: {
      ...f.fix,
      ...(now ? { now: now.map(mine) } : {}),
      ...(examples ? { examples: examples.map((e) => ({ ...e, text: mine(e.text) })) } : {}),
    },
  };
};

/** The checks of this command, of which the user may choose some. */
const checksFor = ({ about, checks, source }: DiagnoseRequest): readonly AnyCheck[] => {
  // where the node is not to be read nothing of it can be judged, and its Services and agents need not be asked for
  const ofNode = source.kind !== 'cluster' || source.probe;
  const mine = (c: AnyCheck): boolean =>
    about === 'nodes' ? c.per !== 'pod' : c.per === 'pod' || (ofNode && c.id.startsWith('ports/'));
  const others = { checks: allChecks.filter((c) => !mine(c)), command: about === 'nodes' ? 'pod' : 'node' };
  return chooseChecks(allChecks.filter(mine), checks, others);
};

/** The report with the nodes whose watch did not come to its end. */
const withUnwatched = (report: Report, unwatched: readonly Unwatched[]): Report =>
  unwatched.length > 0 ? { ...report, unwatched } : report;

/** One report of all nodes. Throws what fails the run as a whole. */
const reportOf = (
  judgements: readonly Judged[],
  request: DiagnoseRequest,
  suppressed: ReturnType<typeof suppressor>,
  startedAt: Date,
  began: number,
): Report => {
  const all = inAskedOrder(judgements, request);
  const [first] = all;
  // one node, or the same for all of them: that is the failure of the run
  if (first?.error && all.every((j) => j.error?.message === first.error?.message)) throw first.error;
  const kubectl = request.source.kind === 'cluster' ? kubectlFor(request.source.flags) : 'kubectl';
  const targets = all.flatMap((j) => j.targets);
  const findings = suppressed(all.flatMap((j) => j.findings)).map((f) => withKubectl(f, kubectl));
  return {
    apiVersion: 'netdoctor/v1',
    kind: 'Report',
    context: first?.context ?? null,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - began),
    targets: request.about === 'pods' ? podsFirst(targets, (t) => t) : targets,
    findings: request.about === 'pods' ? podsFirst(findings, (f) => f.target) : findings,
  };
};

/**
 * What is there when a watch is over, so that what was counted since the reading before it is judged. Whoever interrupts the watch does not want to wait for it; where it
 * fails a note says so, and what was read before the watch stands.
 */
const readAgain = async (
  request: DiagnoseRequest,
  wanted: Plan,
  before: readonly Extract<Collected, { ok: true }>[],
  context: RunContext,
): Promise<ReadonlyMap<string | null, Extract<Collected, { ok: true }>>> => {
  const after = new Map<string | null, Extract<Collected, { ok: true }>>();
  const fail = (why: string): void =>
    context.onProgress({ kind: 'note', text: `the reading after the watch failed, the one before it stands: ${why}` });
  if (context.signal.aborted) return after;
  const again: DiagnoseRequest = {
    ...{ about: request.about, source: request.source, windowSeconds: request.windowSeconds },
    ...defined({ checks: request.checks, nodePortRange: request.nodePortRange }),
  };
  try {
    for await (const c of collectorOf(request)(again, wanted, context)) {
      const first = before.find((b) => b.node === c.node);
      if (!first) continue;
      if (!c.ok) fail(c.error.message);
      // a node that cannot be read any more tells nothing that would be worth the first reading
      else if (c.unread !== null && first.unread === null) fail(c.unread);
      else after.set(c.node, compared(c, c.node === null ? null : beforeWatch(c.node, first.raws, wanted), context));
    }
  } catch (error) {
    if (context.signal.aborted) return after;
    if (!(error instanceof TransportError || error instanceof ApiError)) throw error;
    fail(error.message);
  }
  return after;
};

/** Tells each note of the readings once: what the second says again is no news. */
const noteOnce = (context: RunContext): RunContext => {
  const told = new Set<string>();
  return {
    ...context,
    onProgress: (p) => {
      if (p.kind === 'note' && told.has(p.text)) return;
      if (p.kind === 'note') told.add(p.text);
      context.onProgress(p);
    },
  };
};

/**
 * Asks, reads, judges and reports nodes, in the order in which they were named. A node that could not be read is told in the report; what
 * fails the run as a whole (its only node, or all of them for the same reason) is thrown. Deletes what it made before it returns or throws.
 * With a watcher, nodes are watched after their first report, read once more, and judged by what was seen and counted meanwhile.
 */
export const diagnose = async (request: DiagnoseRequest, told: RunContext): Promise<Report> => {
  const context = request.watch === undefined ? told : noteOnce(told);
  let startedAt = new Date();
  const began = performance.now();
  const checks = checksFor(request);
  const suppressed = suppressor(request.suppress, allChecks);
  const probes = [...givenProbes(request.nodePortRange), ...allProbes];
  const wanted = plan(checks, probes, [
    ...(request.about === 'pods' ? factsOfPodHeader : []),
    ...(request.about === 'nodes' || checks.some((c) => c.per !== 'pod') ? factsOfHeader : []),
    ...(request.watch === undefined ? [] : factsOfWatch),
  ]);
  const done = new Map<string | null, Judged>();
  const lost = new Set<string>();
  // before anything is made on the cluster: a report is not to be lost to a path that is wrong
  const earlier = request.since === undefined ? null : await earlierRun(request.since, wanted, context.signal);
  const bundle = request.save === undefined ? null : await createBundle(request.save);
  let saved = false;
  const kept: Extract<Collected, { ok: true }>[] = [];
  try {
    for await (const collected of collectorOf(request)(request, wanted, context)) {
      if (!collected.ok) {
        done.set(collected.node, unjudged(collected));
        continue;
      }
      const read = compared(collected, earlier, context);
      const one = judged(read, request, checks, probes);
      if (context.watcher) kept.push(read);
      startedAt = collected.readAt ?? startedAt;
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
  const report = reportOf([...done.values()], request, suppressed, startedAt, began);
  if (request.watch === undefined || !context.watcher) return report;
  const nodes = kept.flatMap((c) =>
    c.node === null || c.unread !== null ? [] : [{ node: c.node, lookup: factsTable(probes, c.raws) }],
  );
  const missing = done.size - nodes.length;
  if (missing > 0)
    context.onProgress({
      kind: 'note',
      text: `--watch-for: ${nodes.length === 0 ? 'nothing is watched' : 'not all is watched'}: what is on no node, or on one that was not read, cannot be`,
    });
  const unread = [...done.keys()].flatMap((name) =>
    name === null || nodes.some((n) => n.node === name)
      ? []
      : [{ node: name, seconds: null, why: 'it was not read before' }],
  );
  if (nodes.length === 0) return withUnwatched(report, unread);
  await context.watcher.onReport(report);
  // a second outage is told as the first was
  const seen = await watchNodes({ ...request, watch: request.watch }, nodes, context.watcher, {
    ...context,
    onProgress: told.onProgress,
  });
  const none = [...seen.values()].every((w) => w.seconds === null);
  const after = none ? null : await readAgain(request, wanted, kept, context);
  for (const c of kept) {
    const watched = watchedProbe(seen.get(c.node ?? '')?.found ?? [], factsTable(probes, c.raws));
    done.set(c.node, judged(after?.get(c.node) ?? c, request, checks, [...watched, ...probes]));
  }
  const unwatched = [
    ...unread,
    ...[...seen].flatMap(([node, { seconds, broken }]) =>
      broken === null ? [] : [{ node, seconds, why: broken.why }],
    ),
  ];
  return withUnwatched(reportOf([...done.values()], request, suppressed, startedAt, began), unwatched);
};

import { randomBytes } from 'node:crypto';
import type { KubeApi } from '../cluster/api.ts';
import { ApiError } from '../cluster/api-error.ts';
import type { Needs } from '../core/check.ts';
import { factsTable } from '../core/facts-table.ts';
import { missing } from '../core/gap.ts';
import type { Plan } from '../core/plan.ts';
import type { Reads } from '../core/probe.ts';
import type { Raw } from '../core/read.ts';
import { TransportError } from '../core/transport.ts';
import { asTheyCome } from '../lib/as-they-come.ts';
import { nearNames } from '../lib/near-names.ts';
import { nodeObject } from '../probes/node/node-object.ts';
import { subjectsKube } from '../probes/workloads/subjects.kube.ts';
import { decode } from '../transports/collector/decode.ts';
import { streamLimitBytes, writeProgram } from '../transports/collector/program.ts';
import { leftoversNote } from '../transports/debug-pod/leftovers.ts';
import { Refused } from '../transports/debug-pod/preflight.ts';
import { createDebugPod } from '../transports/debug-pod.ts';
import { createKubeApiTransport } from '../transports/kube-api.ts';
import { chooseNodes, nodeNames } from './choose-nodes.ts';
import { choosePods } from './choose-pods.ts';
import type { Answered, Collect, Collected } from './collected.ts';
import { connect } from './connect.ts';
import { deadlineSeconds } from './deadline.ts';
import { gather } from './gather.ts';
import { kubectlFor } from './kubectl-for.ts';
import { nonce } from './nonce.ts';
import { paramsOf } from './params.ts';
import { preflightPod } from './preflight-pod.ts';
import { progressOfMany } from './progress-of-many.ts';
import type { DiagnoseRequest, RunContext, Source } from './request.ts';
import { unreadable } from './unreadable.ts';

type ClusterSource = Extract<Source, { kind: 'cluster' }>;

/** What all nodes of a run share. */
interface Run {
  readonly api: KubeApi;
  readonly source: ClusterSource;
  readonly request: DiagnoseRequest;
  readonly plan: Plan;
  /** Of the paths that name a scope, see Place. */
  readonly scope: string;
  /** Answers of the API that are the same for every node. */
  readonly shared: Map<string, Promise<Raw>>;
  /** How much a node may send; each of several less, so that all of them together stay bounded. */
  readonly streamLimitBytes: number;
  /** All nodes of the cluster, asked for once; none where that is not allowed. */
  readonly allNames: () => Promise<readonly string[]>;
  /** Whether the cluster lets a debug pod be made at all. */
  readonly allowed: () => Promise<void>;
}

/** Stage two: one program for the node, with what the API said as parameters. */
const readNode = async (run: Run, node: string, asked: ReadonlyMap<string, Raw>, context: RunContext) => {
  const { api, source, request, plan } = run;
  let stream = '';
  const sent = new Set<string>();
  await using pod = createDebugPod({
    api,
    node,
    options: {
      ...source.pod,
      runId: randomBytes(5).toString('hex'),
      nonce: nonce(),
      windowSeconds: request.windowSeconds,
      deadlineSeconds: deadlineSeconds(request.windowSeconds),
      timeoutSeconds: source.pod.startSeconds,
      kubectl: kubectlFor(source.flags),
      vars: paramsOf(plan.probes, factsTable(plan.probes, asked), node),
    },
    writeProgram: (reads, options) => {
      for (const r of reads) sent.add(r.id);
      return writeProgram(reads, options);
    },
    decode: (chunks, reads, mark) => decode(chunks, reads, mark, run.streamLimitBytes),
    onProgress: context.onProgress,
    onLeftBehind: (command) => context.onLeftBehind(node, command),
    ...(request.save === undefined
      ? {}
      : {
          onChunk: (text: string) => {
            stream += text;
          },
        }),
  });
  const raws = await gather(pod, plan.node, context);
  return { raws, stream, notSent: [...raws].filter(([id]) => !sent.has(id)) };
};

/** What has to be known before the pod is made: that there is such a node, and what parametrises the program. */
const firstReads = (plan: Plan): ReadonlySet<string> => {
  const facts = new Set(plan.probes.flatMap((p) => Object.values((p.params?.from ?? {}) as Needs)).map((f) => f.id));
  const probes = plan.probes.filter((p) => facts.has(p.yields.id));
  return new Set([nodeObject, ...probes.flatMap((p) => Object.values(p.reads as Reads))].map((r) => r.id));
};

/** Both values, once both have ended; throws the first failure. */
const both = async <A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> => {
  await Promise.allSettled([one, other]);
  return await Promise.all([one, other]);
};

const notFound = async (run: Run, node: string): Promise<TransportError> => {
  const near = nearNames(node, await run.allNames());
  const hint = near.length > 0 ? `\nDid you mean ${near.join(' or ')}?` : '';
  return new TransportError(`Error from server (NotFound): nodes "${node}" not found${hint}`);
};

/** A pod on a node that is not there is deleted by the cluster; who may not read nodes must hear of that possibility. */
const withDoubt = (error: unknown, node: string, found: Raw | undefined): unknown =>
  error instanceof TransportError && found && !found.ok
    ? new TransportError(`${error.message}\nWhether there is a node ${node} could not be seen: ${found.gap.detail}`)
    : error;

type Read = { readonly ok: true } & Awaited<ReturnType<typeof readNode>>;

/**
 * A node that cannot be read ends the run of a node; of a pod the API knows enough to go on, and says why the rest is missing. What ends all
 * (no right to make debug pods, an interruption) is thrown.
 */
const withoutNode = async (
  { request }: Run,
  reading: Promise<Awaited<ReturnType<typeof readNode>>>,
  { signal, onProgress }: RunContext,
): Promise<Read | Extract<Raw, { ok: false }>> => {
  try {
    return { ok: true, ...(await reading) };
  } catch (error) {
    if (request.about === 'nodes' || error instanceof Refused || signal.aborted || !(error instanceof TransportError))
      throw error;
    onProgress({ kind: 'note', text: error.message });
    return missing('failed', (error.message.split('\n')[0] ?? '').replace(/\.$/, ''));
  }
};

/** Why no pod is made on this node; null where one is. */
const notProbed = (
  { source, request }: Run,
  node: string,
  found: Raw | undefined,
): Extract<Raw, { ok: false }> | null => {
  if (!source.probe) return missing('not-chosen', 'the node was not read (--no-probe)');
  // pods outlive their node for a while; a node that was asked for by its name is another matter
  if (request.about === 'pods' && found && !found.ok && found.gap.kind === 'absent')
    return missing('failed', `node ${node} is not there any more`);
  return unreadable(node, found);
};

/** The API first, then a short-lived pod on the node; what the pod does not wait for is asked while it starts. */
const answersOf = async (run: Run, node: string, context: RunContext): Promise<Answered> => {
  const { api, plan, shared, scope } = run;
  context.onProgress({ kind: 'stage', text: `asking the API about ${node}` });
  await using kube = createKubeApiTransport({ api, node, scope, shared });
  const first = firstReads(plan);
  const ask = (wanted: boolean) =>
    gather(
      kube,
      plan.kube.filter((r) => first.has(r.id) === wanted),
      context,
      { node, scope },
    );
  const early = await ask(true);
  const found = early.get(nodeObject.id);
  if (run.request.about === 'nodes' && found && !found.ok && found.gap.kind === 'absent')
    throw await notFound(run, node);
  const no = notProbed(run, node, found);
  if (no) {
    const chosen = no.gap.kind === 'not-chosen';
    if (!chosen)
      context.onProgress({
        kind: 'note',
        text: `${no.gap.detail}. No pod was made there; only what the API knows is judged.`,
      });
    const raws = new Map<string, Raw>([...early, ...(await ask(false)), ...plan.node.map((r) => [r.id, no] as const)]);
    return { raws, aside: raws, stream: '', via: 'kube-api', unread: chosen ? null : no.gap.detail };
  }
  const reading = async () => {
    await run.allowed();
    return await readNode(run, node, early, context).catch((error: unknown) => {
      throw withDoubt(error, node, found);
    });
  };
  const [read, late] = await both(withoutNode(run, reading(), context), ask(false));
  const asked = new Map([...early, ...late]);
  if (!read.ok) {
    const raws = new Map<string, Raw>([...asked, ...plan.node.map((r) => [r.id, read] as const)]);
    return { raws, aside: raws, stream: '', via: 'kube-api', unread: read.gap.detail };
  }
  return {
    raws: new Map([...asked, ...read.raws]),
    aside: new Map([...asked, ...read.notSent]),
    stream: read.stream,
    via: 'debug-pod',
    unread: null,
  };
};

/** Pods that are on no node (yet): the API alone can say something. */
const answersWithoutNode = async (run: Run, context: RunContext): Promise<Answered> => {
  const { api, plan, shared, scope } = run;
  await using kube = createKubeApiTransport({ api, node: '', scope, shared });
  const ofNode = (path: string): boolean => path.includes('{node}');
  const asked = await gather(
    kube,
    plan.kube.filter((r) => !ofNode(r.path)),
    context,
    { node: '', scope },
  );
  const none = missing('absent', 'it is on no node');
  const rest = [...plan.kube.filter((r) => ofNode(r.path)), ...plan.node].map((r) => [r.id, none] as const);
  const raws = new Map<string, Raw>([...asked, ...rest]);
  return { raws, aside: raws, stream: '', via: 'kube-api', unread: null };
};

/** What is to be read: the nodes (null: pods that are on none), and what is known of it already. */
interface Chosen {
  readonly nodes: readonly (string | null)[];
  readonly scope: string;
  readonly shared: Map<string, Promise<Raw>>;
}

const choose = async (
  api: KubeApi,
  { choice }: ClusterSource,
  contextNamespace: string,
  kubectl: string,
  signal: AbortSignal,
): Promise<Chosen> => {
  const shared = new Map<string, Promise<Raw>>();
  if (choice.by !== 'pods') return { nodes: await chooseNodes(api, choice, kubectl, signal), scope: '', shared };
  const namespace = choice.namespace === undefined ? contextNamespace : choice.namespace;
  const scope = namespace === null ? '' : `namespaces/${namespace}/`;
  const { raw, nodes } = await choosePods(api, choice, { scope, namespace, kubectl }, signal);
  shared.set(subjectsKube.reads.pods.id, Promise.resolve(raw));
  return { nodes, scope, shared };
};

/**
 * Nodes of a cluster, some at once, each told as soon as it is read. A node that cannot be read does not fail the others; what would fail
 * all of them is thrown. Nothing is created where the API has no such node.
 */
export const fromCluster: Collect = async function* (request, plan, context) {
  const { source } = request;
  if (source.kind !== 'cluster') throw new TransportError('no node was named');
  const { api, connection } = connect(source, context);
  const where = { name: connection.context, cluster: connection.cluster || null, server: connection.server };
  try {
    const kubectl = kubectlFor(source.flags);
    const { nodes, scope, shared } = await choose(api, source, connection.namespace, kubectl, context.signal);
    if (request.save !== undefined && nodes.length > 1)
      throw new TransportError(`--save takes one node, and the pods are on ${nodes.length}: a bundle holds one.`);
    const names = nodes.filter((n) => n !== null);
    if (request.watch !== undefined && names.length > source.parallel)
      throw new TransportError(
        `--watch-for watches ${source.parallel} ${source.parallel === 1 ? 'node' : 'nodes'} at once, and ${names.length} were chosen: choose fewer, or more with --parallel`,
      );
    const probed = source.probe && names.length > 0;
    const preflight = probed
      ? preflightPod(api, source, plan, names[0] ?? '', request.about, context)
      : Promise.resolve();
    const allowed = () => preflight;
    const leftovers = probed
      ? leftoversNote(
          api,
          source.pod.namespace,
          kubectl.replace('kubectl', `${context.program} cleanup`),
          context.signal,
        )
      : Promise.resolve(null);
    for (const p of [preflight, leftovers]) p.catch(() => undefined);
    const limit = names.length > 1 ? streamLimitBytes / 4 : streamLimitBytes;
    let all: Promise<readonly string[]> | null = null;
    const allNames = (): Promise<readonly string[]> => {
      all ??= nodeNames(api, null, context.signal).catch((error: unknown) => {
        if (error instanceof ApiError) return [];
        throw error;
      });
      return all;
    };
    const run: Run = { api, source, request, plan, scope, shared, allNames, streamLimitBytes: limit, allowed };
    const tell = progressOfMany(names.length, context.onProgress);
    const unplaced = async (): Promise<Collected> => ({
      ok: true,
      node: null,
      context: where,
      ...(await answersWithoutNode(run, context)),
    });
    const one = async (node: string | null): Promise<Collected> => {
      if (node === null) return await unplaced();
      const onProgress = tell(node);
      try {
        const answers = await answersOf(run, node, { ...context, onProgress });
        return { ok: true, node, context: where, ...answers };
      } catch (error) {
        if (error instanceof Refused || context.signal.aborted) throw error;
        return { ok: false, node, context: where, error: error instanceof Error ? error : new Error(String(error)) };
      } finally {
        onProgress({ kind: 'done' });
      }
    };
    yield* asTheyCome(nodes, source.parallel, one);
    const text = await leftovers;
    if (text !== null) context.onProgress({ kind: 'note', text });
  } finally {
    api.close();
  }
};

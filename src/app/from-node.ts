import { randomBytes } from 'node:crypto';
import { createKubeApi, type KubeApi } from '../cluster/api.ts';
import { loadKubeconfig } from '../cluster/kubeconfig.ts';
import type { Needs } from '../core/check.ts';
import { factsTable } from '../core/facts-table.ts';
import type { Plan } from '../core/plan.ts';
import type { Reads } from '../core/probe.ts';
import type { Raw } from '../core/read.ts';
import { TransportError } from '../core/transport.ts';
import { nodeObject } from '../probes/node/node-object.ts';
import { decode } from '../transports/collector/decode.ts';
import { writeProgram } from '../transports/collector/program.ts';
import { createDebugPod } from '../transports/debug-pod.ts';
import { createKubeApiTransport } from '../transports/kube-api.ts';
import type { Collect, Collected } from './collected.ts';
import { deadlineSeconds } from './deadline.ts';
import { gather } from './gather.ts';
import { kubectlFor } from './kubectl-for.ts';
import { nonce } from './nonce.ts';
import { paramsOf } from './params.ts';
import type { NodeRequest, NodeSource, RunContext } from './request.ts';
import { version } from './version.ts';

type PodSource = Extract<NodeSource, { kind: 'pod' }>;

/** Stage two: one program for the node, with what the API said as parameters. */
const readNode = async (
  api: KubeApi,
  source: PodSource,
  request: NodeRequest,
  plan: Plan,
  asked: ReadonlyMap<string, Raw>,
  context: RunContext,
) => {
  let stream = '';
  const sent = new Set<string>();
  await using pod = createDebugPod({
    api,
    node: source.node,
    options: {
      ...source.pod,
      runId: randomBytes(5).toString('hex'),
      nonce: nonce(),
      windowSeconds: request.windowSeconds,
      deadlineSeconds: deadlineSeconds(request.windowSeconds),
      timeoutSeconds: source.pod.startSeconds,
      kubectl: kubectlFor(source.flags),
      vars: paramsOf(plan.probes, factsTable(plan.probes, asked)),
    },
    writeProgram: (reads, options) => {
      for (const r of reads) sent.add(r.id);
      return writeProgram(reads, options);
    },
    decode,
    onProgress: context.onProgress,
    onLeftBehind: context.onLeftBehind,
    onChunk: (text) => {
      stream += text;
    },
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

/**
 * A node of a cluster: the API first, then a short-lived pod on the node; what the pod does not wait for is asked while it starts.
 * Nothing is created when the API has no such node.
 */
export const fromNode: Collect = async (request, plan, context): Promise<Collected> => {
  const { source } = request;
  if (source.kind !== 'pod') throw new TransportError('no node was named');
  const connection = loadKubeconfig({ env: context.env, flags: source.flags });
  const api = createKubeApi(connection, {
    version,
    ...(source.requestTimeoutMs === undefined ? {} : { timeoutMs: source.requestTimeoutMs }),
  });
  try {
    context.onProgress({ kind: 'stage', text: `asking the API about ${source.node}` });
    await using kube = createKubeApiTransport({ api, node: source.node });
    const first = firstReads(plan);
    const ask = (wanted: boolean) =>
      gather(
        kube,
        plan.kube.filter((r) => first.has(r.id) === wanted),
        context,
        source.node,
      );
    const early = await ask(true);
    const node = early.get(nodeObject.id);
    if (node && !node.ok && node.gap.kind === 'absent')
      throw new TransportError(`Error from server (NotFound): nodes "${source.node}" not found`);
    const [read, late] = await both(readNode(api, source, request, plan, early, context), ask(false));
    const asked = new Map([...early, ...late]);
    return {
      raws: new Map([...asked, ...read.raws]),
      aside: new Map([...asked, ...read.notSent]),
      stream: read.stream,
      node: source.node,
      via: 'debug-pod',
      context: { name: connection.context ?? '', cluster: connection.cluster, server: connection.server },
    };
  } finally {
    api.close();
  }
};

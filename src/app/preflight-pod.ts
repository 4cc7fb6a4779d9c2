import type { KubeApi } from '../cluster/api.ts';
import type { Plan } from '../core/plan.ts';
import { grantedCapabilities } from '../transports/debug-pod/capabilities.ts';
import { podName, randomSuffix } from '../transports/debug-pod/name.ts';
import { graceSeconds, podFor } from '../transports/debug-pod/pod.ts';
import { preflight } from '../transports/debug-pod/preflight.ts';
import { kubectlFor } from './kubectl-for.ts';
import type { DiagnoseRequest, RunContext, Source } from './request.ts';

/** Tries a pod like those of the run, on one of its nodes, without making it. Tells notes; throws what {@link preflight} throws. */
export const preflightPod = async (
  api: KubeApi,
  source: Extract<Source, { kind: 'cluster' }>,
  plan: Plan,
  node: string,
  about: DiagnoseRequest['about'],
  context: RunContext,
): Promise<void> => {
  const { namespace } = source.pod;
  const pod = podFor({
    ...source.pod,
    name: podName(node, randomSuffix()),
    node,
    imagePullSecret: source.pod.imagePullSecret ?? null,
    capabilities: grantedCapabilities(source.pod.rights, plan.node),
    program: ':',
    runId: 'preflight',
    activeDeadlineSeconds: 60,
    graceSeconds,
  });
  const instead =
    about === 'nodes'
      ? 'or run netdoctor node --local on the node itself.'
      : 'or add --no-probe: then no pod is made, the API alone is asked, and what only the node knows stays unjudged.';
  const place = { namespace, node, kubectl: kubectlFor(source.flags), instead };
  for (const text of await preflight(api, pod, place, context.signal)) context.onProgress({ kind: 'note', text });
};

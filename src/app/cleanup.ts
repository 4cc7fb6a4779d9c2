import { createKubeApi, type KubeApi } from '../cluster/api.ts';
import { ApiError } from '../cluster/api-error.ts';
import { grantAdvice, withGrant } from '../cluster/grant.ts';
import type { KubeFlags } from '../cluster/kubeconfig/flags.ts';
import { loadKubeconfig } from '../cluster/kubeconfig.ts';
import { asTheyCome } from '../lib/as-they-come.ts';
import { type LabelledPod, labelledPods } from '../transports/debug-pod/leftovers.ts';
import { graceSeconds } from '../transports/debug-pod/pod.ts';
import { removePod } from '../transports/debug-pod/remove.ts';
import { kubectlFor } from './kubectl-for.ts';
import type { RunContext } from './request.ts';
import { version } from './version.ts';

/** What `netdoctor cleanup` was asked. */
export interface CleanupRequest {
  readonly flags: KubeFlags;
  readonly requestTimeoutMs?: number;
  /** Where to look; null: everywhere. */
  readonly namespace: string | null;
  /** Only say what would be deleted. */
  readonly dryRun: boolean;
  /** Delete pods whose run may be at work, too. */
  readonly force: boolean;
}

/** What became of a pod. Names are the server's text. */
export type CleanupStep =
  | { readonly kind: 'deleted'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'kept'; readonly namespace: string; readonly name: string; readonly why: string }
  | { readonly kind: 'failed'; readonly namespace: string; readonly name: string; readonly why: string }
  /** Something else that the user has to know. */
  | { readonly kind: 'note'; readonly text: string };

/** What it is given by the program around it. */
export interface CleanupContext extends Pick<RunContext, 'env' | 'signal'> {
  /** Told once, before the first deletion, which pods are to be deleted; not in a dry run. Names are the server's text. */
  readonly onDoomed: (pods: readonly Pick<LabelledPod, 'namespace' | 'name'>[]) => void;
}

/** How many pods are deleted at once. */
const atOnce = 8;

/** Where debug pods are made unless the user says otherwise. */
const usualNamespace = 'kube-system';

/** Who may not list the pods of all namespaces may still list those of one. */
const notEverywhere = (error: unknown, { namespace }: CleanupRequest): error is ApiError =>
  namespace === null && error instanceof ApiError && error.status === 403;

const remove = async (api: KubeApi, pod: LabelledPod): Promise<CleanupStep> => {
  const { namespace, name, uid, runId, finalizers } = pod;
  try {
    // what is left over has no living container, or no living kubelet that would grant it time
    await removePod(api, pod, runId, uid, pod.standing.kind === 'leftover' ? 0 : graceSeconds);
  } catch (error) {
    return { kind: 'failed', namespace, name, why: error instanceof Error ? error.message : String(error) };
  }
  if (finalizers.length === 0) return { kind: 'deleted', namespace, name };
  return { kind: 'failed', namespace, name, why: `it is marked for deletion, and held by ${finalizers.join(', ')}` };
};

/**
 * Deletes the debug pods that earlier runs left, and tells of each pod what became of it. Pods that only bear the label are left alone.
 * A pod that cannot be deleted does not keep the others from it. Once the signal is given no deletion is begun; those under way are told.
 * Throws ApiError where the pods cannot be listed, and, at the end, the signal's reason.
 */
export async function* cleanUp(request: CleanupRequest, context: CleanupContext): AsyncGenerator<CleanupStep, void> {
  const { signal } = context;
  const api = createKubeApi(
    loadKubeconfig({
      env: context.env,
      flags: request.flags,
      bounded: (request.requestTimeoutMs ?? 0) > 0,
    }),
    {
      version,
      ...(request.requestTimeoutMs === undefined ? {} : { timeoutMs: request.requestTimeoutMs }),
    },
  );
  try {
    let pods: readonly LabelledPod[];
    try {
      pods = await labelledPods(api, request.namespace, signal);
    } catch (error) {
      if (!notEverywhere(error, request)) throw error;
      const advice = grantAdvice([error.message], kubectlFor(request.flags));
      const text = `${error.message}${advice === null ? '' : `\n${advice}`}\nLooking in ${usualNamespace} only; --namespace looks in another one.`;
      yield { kind: 'note', text };
      pods = await labelledPods(api, usualNamespace, signal).catch((own: unknown) => {
        throw withGrant(own, kubectlFor(request.flags));
      });
    }
    const doomed: LabelledPod[] = [];
    for (const pod of pods) {
      const { namespace, name } = pod;
      switch (pod.standing.kind) {
        case 'foreign':
          yield {
            kind: 'note',
            text: `pod "${name}" in ${namespace} bears netdoctor's label, but is none of its pods: left alone`,
          };
          break;
        case 'leaving':
          break;
        case 'at-work':
          if (request.force) doomed.push(pod);
          else yield { kind: 'kept', namespace, name, why: pod.standing.text };
          break;
        case 'leftover':
          doomed.push(pod);
          break;
      }
    }
    if (!request.dryRun) context.onDoomed(doomed);
    const work = async (pod: LabelledPod): Promise<CleanupStep | null> => {
      // no failure: that would end the telling of deletions that are under way
      if (signal.aborted) return null;
      return request.dryRun ? { kind: 'deleted', namespace: pod.namespace, name: pod.name } : await remove(api, pod);
    };
    for await (const step of asTheyCome(doomed, atOnce, work)) if (step) yield step;
    signal.throwIfAborted();
  } finally {
    api.close();
  }
}

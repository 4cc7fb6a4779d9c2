import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { at } from '../../lib/json.ts';
import { createJudge, type Fault } from './fault.ts';
import { isRuntimeDown, readyOf } from './ready.ts';
import { podState } from './state.ts';
import { type Vitals, vitals } from './vitals.ts';
import type { PodRef } from './watch.ts';

/** Whose log is read. */
interface Reading {
  readonly api: KubeApi;
  readonly pod: PodRef;
  readonly node: string;
  readonly signal: AbortSignal;
}

const faultOfNode = ({ nodeGone }: Vitals): Fault | null =>
  nodeGone === null ? null : { by: 'node', text: `the node was deleted meanwhile: ${nodeGone}` };

const faultOfRuntime = ({ node }: Vitals): Fault | null => {
  const ready = readyOf(node);
  return isRuntimeDown(ready) ? { by: 'kubelet', text: `the node is NotReady: ${ready?.message ?? ''}` } : null;
};

const faultOfPod = (seen: Vitals): Fault | null => {
  if (seen.podGone) return { by: 'pod', text: 'the debug pod was deleted meanwhile' };
  if (seen.pod === null) return null;
  const state = podState(seen.pod);
  if (state.kind !== 'started') return { by: 'pod', text: `the debug pod is ${state.text}` };
  if (state.ended !== null) return { by: 'pod', text: `the debug pod ended early: ${state.ended}` };
  return null;
};

/** Of a program that ended as it should, whose log is to be had, and yet its end has not come. */
const faultOfEnd = ({ pod, server, kubelet }: Vitals): Fault | null =>
  server === null && kubelet === null && at(pod, 'status', 'containerStatuses', 0, 'state', 'terminated')
    ? { by: 'pod', text: 'the debug pod ended, and its log does not come to its end' }
    : null;

/**
 * Watches over the silences of a log, for createVigil: each silence is judged by looks of its own. `restLooks`: how many of them the rest of a log may take
 * to come once its container has ended; with null two, and no end to it where the container ended well.
 */
export const silenceJudge =
  ({ api, pod, node, signal }: Reading, restLooks: number | null = null) =>
  (): (() => Promise<Fault | null>) => {
    const judge = createJudge(node);
    let over = 0;
    return async () => {
      const seen = await vitals(api, pod, node, signal);
      const ofEnd = restLooks === null ? null : faultOfEnd(seen);
      const found = faultOfNode(seen) ?? faultOfRuntime(seen) ?? judge(seen) ?? faultOfPod(seen) ?? ofEnd;
      // the end of a log may come a moment after the end of its container
      if (found?.by === 'pod' && !seen.podGone && ++over < (restLooks ?? 2)) return null;
      return found;
    };
  };

/** Why the log ended before the program's end mark; `failure` is why it could not be read any more. */
export const whyEarly = async ({ api, pod, node, signal }: Reading, failure: Error | null): Promise<Fault> => {
  if (failure instanceof ApiError && failure.status === 0) {
    return { by: 'server', text: `the connection to the API server broke off: ${failure.message}` };
  }
  const seen = await vitals(api, pod, node, signal);
  if (seen.server !== null) return { by: 'server', text: `the connection to the API server broke off: ${seen.server}` };
  const ofNode = faultOfNode(seen);
  if (ofNode) return ofNode;
  if (seen.kubelet !== null) return { by: 'kubelet', text: `the kubelet of ${node} does not answer: ${seen.kubelet}` };
  const ready = readyOf(seen.node);
  const unready = ready && ready.status !== 'True' ? ` (node ${node} is not ready: ${ready.message})` : '';
  return (
    faultOfPod(seen) ?? {
      by: 'pod',
      text: `the log of the debug pod broke off${failure ? `: ${failure.message}` : ''}${unready}`,
    }
  );
};

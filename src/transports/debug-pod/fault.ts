import { createPatience, kubeletPatienceMs, serverPatienceMs } from './patience.ts';
import { readyOf } from './ready.ts';
import type { Vitals } from './vitals.ts';

/** What makes further waiting vain, as a clause; `by` is whose fault it is. */
export interface Fault {
  readonly by: 'server' | 'kubelet' | 'node' | 'pod';
  readonly text: string;
}

/**
 * Judges one look after another. A node that is gone, or silent both to the API server's heartbeats (Ready=Unknown) and to its requests, is
 * a fault at once; a kubelet or an API server that does not answer is one when it has not for as long as a restart takes.
 */
export const createJudge = (node: string): ((seen: Vitals) => Fault | null) => {
  const server = createPatience(serverPatienceMs);
  const kubelet = createPatience(kubeletPatienceMs);
  return (seen) => {
    if (seen.server !== null) {
      return server.fails(seen.began)
        ? { by: 'server', text: `the API server has not answered for ${serverPatienceMs / 1000} s: ${seen.server}` }
        : null;
    }
    server.heals();
    if (seen.nodeGone !== null) return { by: 'node', text: seen.nodeGone };
    if (seen.kubelet === null) {
      kubelet.heals();
      return null;
    }
    const tired = kubelet.fails(seen.began);
    const ready = readyOf(seen.node);
    if (ready?.status === 'Unknown') {
      return { by: 'kubelet', text: `node ${node} is NotReady: ${ready.message}. ${seen.kubelet}` };
    }
    return tired
      ? {
          by: 'kubelet',
          text: `the kubelet of ${node} has not answered for ${kubeletPatienceMs / 1000} s: ${seen.kubelet}`,
        }
      : null;
  };
};

import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { nodeKubernetesVersion } from '../../facts/node/kubernetes-version.ts';
import { kubernetesVersionOf } from '../../lib/kubernetes-version.ts';
import { syncLive } from '../kube-proxy/sync.live.ts';

/** kubernetes_build_info among kube-proxy's metrics; without the API this is all that tells it. */
export const kubernetesVersionLive = probe({
  yields: nodeKubernetesVersion,
  via: 'live',
  reads: syncLive.reads,
  ...(syncLive.params ? { params: syncLive.params } : {}),
  parse: (raw) => {
    const sync = syncLive.parse(raw);
    if (!sync.ok) return sync;
    const version = kubernetesVersionOf(sync.value.version ?? '');
    return version
      ? known(version)
      : missing('not-chosen', "Kubernetes' version is known to the API only here, and it was not asked");
  },
});

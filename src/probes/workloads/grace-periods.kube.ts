import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type GracePeriod, gracePeriods } from '../../facts/workloads/grace-periods.ts';
import { listAt, numberAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';
import { podsKube } from './pods.kube.ts';

/** The API fills in 30 s where a manifest names none; completed pods need no time. */
export const gracePeriodsKube = probe({
  yields: gracePeriods,
  via: 'kube',
  reads: { pods: podsKube.reads.pods },
  parse: ({ pods }) => {
    const json = kubeJson(pods);
    if (!json.ok) return json;
    return known(
      listAt(json.value.body, 'items').flatMap((item): GracePeriod[] => {
        const seconds = numberAt(item, 'spec', 'terminationGracePeriodSeconds');
        if (seconds === null || ['Succeeded', 'Failed'].includes(textAt(item, 'status', 'phase'))) return [];
        const priority = numberAt(item, 'spec', 'priority') ?? 0;
        return [
          {
            namespace: textAt(item, 'metadata', 'namespace'),
            name: textAt(item, 'metadata', 'name'),
            seconds,
            priority,
          },
        ];
      }),
    );
  },
});

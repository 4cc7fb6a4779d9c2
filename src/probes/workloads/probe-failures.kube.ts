import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { type ProbeFailure, probeFailures } from '../../facts/workloads/probe-failures.ts';
import { listAt, numberAt, textAt } from '../../lib/json.ts';
import { eventTime } from '../../parsers/event-time.ts';
import { parseUnhealthy } from '../../parsers/unhealthy.ts';
import { kubeJson } from '../kube-json.ts';

/** Events name the kubelet that wrote them in source.host. Whose pod it was is decided by the pods of the node. */
export const probeFailuresKube = probe({
  yields: probeFailures,
  via: 'kube',
  reads: {
    events: kube('/api/v1/events?fieldSelector=involvedObject.kind%3DPod%2Creason%3DUnhealthy', [
      'items[].involvedObject.namespace',
      'items[].involvedObject.name',
      'items[].involvedObject.uid',
      'items[].message',
      'items[].count',
      'items[].firstTimestamp',
      'items[].lastTimestamp',
      'items[].eventTime',
      'items[].series.count',
      'items[].series.lastObservedTime',
    ]),
  },
  parse: ({ events }) => {
    const json = kubeJson(events);
    if (!json.ok) return json;
    const failures: ProbeFailure[] = [];
    for (const e of listAt(json.value.body, 'items')) {
      const message = textAt(e, 'message');
      const said = parseUnhealthy(message);
      if (!said) continue;
      failures.push({
        ...said,
        pod: `${textAt(e, 'involvedObject', 'namespace')}/${textAt(e, 'involvedObject', 'name')}`,
        podUid: textAt(e, 'involvedObject', 'uid'),
        message,
        count: numberAt(e, 'series', 'count') ?? numberAt(e, 'count') ?? 1,
        lastAtMs: eventTime(e),
      });
    }
    return known({ failures, serverNowMs: json.value.serverMs });
  },
});

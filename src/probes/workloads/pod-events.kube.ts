import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type KubeRead, kube } from '../../core/read.ts';
import { type PodEvent, podEvents } from '../../facts/workloads/pod-events.ts';
import { listAt, numberAt, textAt } from '../../lib/json.ts';
import { eventTime } from '../../parsers/event-time.ts';
import { kubeJson } from '../kube-json.ts';

const read = (reason: PodEvent['reason']): KubeRead =>
  kube(
    `/api/v1/{scope}events?fieldSelector=involvedObject.kind%3DPod%2Creason%3D${reason}`,
    [
      'involvedObject.uid',
      'involvedObject.fieldPath',
      'message',
      'count',
      'firstTimestamp',
      'lastTimestamp',
      'eventTime',
      'series.count',
      'series.lastObservedTime',
    ].map((path) => `items[].${path}`),
  );

/** A field selector takes one reason at a time. */
export const podEventsKube = probe({
  yields: podEvents,
  via: 'kube',
  reads: {
    FailedPreStopHook: read('FailedPreStopHook'),
    NodeNotReady: read('NodeNotReady'),
  },
  parse: (raws) => {
    const all: PodEvent[] = [];
    for (const reason of ['FailedPreStopHook', 'NodeNotReady'] as const) {
      const json = kubeJson(raws[reason]);
      if (!json.ok) return json;
      for (const e of listAt(json.value.body, 'items'))
        all.push({
          podUid: textAt(e, 'involvedObject', 'uid'),
          reason,
          message: textAt(e, 'message'),
          count: numberAt(e, 'series', 'count') ?? numberAt(e, 'count') ?? 1,
          lastAtMs: eventTime(e),
          container: /\{([^}]*)\}/.exec(textAt(e, 'involvedObject', 'fieldPath'))?.[1] ?? '',
        });
    }
    return known(all);
  },
});

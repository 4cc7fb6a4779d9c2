import { fact } from '../../core/fact.ts';

/** An event about a pod. */
export interface PodEvent {
  readonly podUid: string;
  readonly reason: 'FailedPreStopHook' | 'NodeNotReady';
  readonly message: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastAtMs: number;
  /** The container that spec.containers{name} of the event names; empty where it names none. */
  readonly container: string;
}

/** What was recorded about pods; the API server keeps events for an hour by default. */
export const podEvents = fact<readonly PodEvent[]>(
  'workloads/pod-events',
  'cluster',
  'events FailedPreStopHook and NodeNotReady of pods (kept for an hour by default)',
);

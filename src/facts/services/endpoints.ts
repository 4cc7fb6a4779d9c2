import { fact } from '../../core/fact.ts';

/** What an EndpointSlice says of one pod behind a Service. */
export interface Endpoint {
  /** namespace/name of the Service. */
  readonly service: string;
  /** Name of the pod, in the Service's namespace. */
  readonly pod: string;
  readonly podUid: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

/** The pods behind the Services in the namespaces that are looked at. */
export const endpoints = fact<readonly Endpoint[]>(
  'services/endpoints',
  'cluster',
  'the pods behind Services: ready, serving, terminating (EndpointSlices)',
);

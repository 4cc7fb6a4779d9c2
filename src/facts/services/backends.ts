import { fact } from '../../core/fact.ts';

/** An address behind a Service. */
export interface Backend {
  readonly ip: string;
  /** namespace/name of the Service. */
  readonly service: string;
  /** namespace/name of the pod; null for other endpoints. */
  readonly pod: string | null;
}

/** Who is behind which Service, from EndpointSlices. */
export const backends = fact<readonly Backend[]>(
  'services/backends',
  'cluster',
  'addresses behind Services and the pods that have them (EndpointSlices)',
);

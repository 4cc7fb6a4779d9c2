/** What a run is about: one node, by its Kubernetes name (or host name where there is no API). */
export interface Target {
  readonly kind: 'node';
  readonly name: string;
}

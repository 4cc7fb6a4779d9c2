import type { Front } from '../../facts/services/fronts.ts';

/** How long traffic may come after a deletion, by what stands before the pod, in seconds: kube-proxies and DNS inside, load balancers and ingress controllers outside. */
const inside = 5;
const outside = 15;

/** What leads traffic to a pod from outside the cluster, in words; empty where nothing is known to. */
export const outsideOf = (services: readonly Front[]): readonly string[] =>
  services.flatMap((s) => [
    ...(s.type === 'LoadBalancer' ? [`the load balancer of ${s.namespace}/${s.name}`] : []),
    ...(s.ingresses ?? []).map((name) => `Ingress ${s.namespace}/${name}`),
  ]);

/**
 * How long new connections may come after the deletion, in seconds. No component promises it: EndpointSlices, kube-proxy's sync (a second at
 * the least between two), and outside of the cluster the health checks or the watch of whoever balances. The advice of the ingress controllers' own documentation is 10 to 20.
 */
export const trafficSeconds = (services: readonly Front[]): number =>
  outsideOf(services).length > 0 ? outside : inside;

import { fact } from '../../core/fact.ts';

/** host:port of kube-proxy's metrics server as its ConfigMap says. */
export const metricsAddress = fact<string>(
  'kube-proxy/metrics-address',
  'cluster',
  "where kube-proxy's metrics server listens (ConfigMap kube-system/kube-proxy)",
);

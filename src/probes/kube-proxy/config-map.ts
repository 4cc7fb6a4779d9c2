import { kube } from '../../core/read.ts';

/** kubeadm's ConfigMap of kube-proxy; of it only the configuration file, never the kubeconfig beside it. */
export const kubeProxyConfigMap = kube('/api/v1/namespaces/kube-system/configmaps/kube-proxy', ['data."config.conf"']);

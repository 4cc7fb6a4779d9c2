import type { IptablesTools } from '../../facts/iptables/tools.ts';
import type { KubeProxyProcess } from '../../facts/kube-proxy/process.ts';

/** "kube-proxy (pid 51, v1.34.4; /usr/sbin/iptables is xtables-nft-multi 1.8.9)". */
export const proxyWords = (process: KubeProxyProcess | null, proxy: IptablesTools['proxy']): string => {
  const who = process ? [`pid ${process.pid}`, ...(process.version ? [process.version] : [])].join(', ') : null;
  const tool = proxy
    ? `its ${proxy.path} is ${proxy.file}${proxy.version ? `, version ${proxy.version}` : ''}`
    : 'its iptables could not be seen';
  const name =
    process?.name === undefined || process.name === 'kube-proxy' ? 'kube-proxy' : `kube-proxy in ${process.name}`;
  return `${name} (${who ? `${who}; ` : ''}${tool})`;
};

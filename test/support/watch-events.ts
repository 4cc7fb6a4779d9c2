import type { Opener, WatchEvent, WatchNames } from '../../src/core/watch.ts';

/** Names of a small cluster, in which 31055 is a NodePort. */
export const names: WatchNames = {
  serviceOf: (port) => (port === 31055 ? 'shop/web' : null),
  podAt: (ip) => (ip === '10.244.1.2' ? 'shop/cart-7' : null),
  podOf: () => null,
  spaceOf: () => null,
  strictIn: () => [],
  podBy: () => null,
};

const kubelet: Opener = {
  ...{ thread: 215, pid: 213, process: 'kubelet', containerId: null, podUid: null, unit: 'kubelet.service' },
};

/** A connect of the kubelet's that was refused, from that port; 31055 makes it a victim. */
export const connect = (port: number, atSeconds = 100, process = 'kubelet'): WatchEvent => ({
  ...{
    kind: 'connect',
    outcome: 'refused',
    atSeconds,
    mirrors: [],
    tracked: null,
    fell: null,
    opener: { ...kubelet, process },
  },
  ...{ source: { ip: '10.244.1.1', port }, destination: { ip: '10.244.1.2', port: 8080 } },
});

const pod = { namespace: 'shop', name: 'cart-7' };

/** That a readiness probe failed `count` times, with connects from those ports; 31055 makes it a victim. */
export const probeFailed = (ports: readonly number[], count = 1, atSeconds = 100): WatchEvent => ({
  ...{ kind: 'probe-failed', atSeconds, pod, container: 'web', probe: 'readiness', count, text: 'i/o timeout' },
  destination: { ip: '10.244.1.2', port: 8080 },
  connects: ports.map((port) => ({
    ...{ source: { ip: '10.244.1.1', port }, service: names.serviceOf(port), taken: names.serviceOf(port) !== null },
  })),
});

/** That a pod is Ready again after so many seconds; null: that it is not any more. */
export const readyAfter = (awaySeconds: number | null, atSeconds = 100): WatchEvent => ({
  ...{ kind: 'ready', atSeconds, pod, ready: awaySeconds !== null, by: 'kubelet', awaySeconds },
  why: awaySeconds === null ? 'ContainersNotReady' : null,
});

/** Packets that were dropped by that function. */
export const drops = (symbol: string, count = 1, atSeconds = 100): WatchEvent => ({
  ...{ kind: 'seen', count, atSeconds, last: { kind: 'drop', protocol: 'IPv4', reason: 'NETFILTER_DROP', symbol } },
});

export const begin: WatchEvent = { kind: 'begin', by: 'trace', tracepoints: ['a'], atSeconds: 100 };

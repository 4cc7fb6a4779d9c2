import type { WatchEvent, WatchNames } from '../core/watch.ts';

const namesOf = (e: WatchEvent, names: WatchNames): object => {
  if (e.kind !== 'connect' && e.kind !== 'socket') return {};
  const opener = e.kind === 'connect' ? e.opener : null;
  return {
    service: names.serviceOf(e.source.port),
    pod: (opener && names.podOf(opener)) ?? names.podAt(e.source.ip),
    destinationPod: names.podAt(e.destination.ip),
  };
};

/**
 * An event as an object for JSON Lines: `kind` is WatchEvent, `event` is which; of a connect also the Service of its source port and the pods;
 * where there may be several nodes also which.
 */
export const watchRecord = (e: WatchEvent, names: WatchNames, node: string | null): object => ({
  ...{ apiVersion: 'netdoctor/v1', kind: 'WatchEvent', event: e.kind },
  ...(node === null ? {} : { node }),
  ...Object.fromEntries(Object.entries(e).filter(([key]) => key !== 'kind')),
  ...namesOf(e, names),
});

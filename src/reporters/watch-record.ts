import type { WatchEvent, WatchNames } from '../core/watch.ts';
import { traceWords } from './trace-words.ts';

const namesOf = (e: WatchEvent, names: WatchNames): object => {
  if (e.kind === 'counter' && e.name === 'IPReversePathFilter')
    return { owner: names.spaceOf(e.space), strict: names.strictIn(e.space).slice(0, 50) };
  if (e.kind === 'device') return { podPassage: names.podBy(e.passage) };
  if (e.kind === 'counter' || e.kind === 'waiting') return { owner: names.spaceOf(e.space) };
  if (e.kind === 'seen') return { probably: null, see: null, ...traceWords(e.last) };
  if (e.kind !== 'connect' && e.kind !== 'socket') return {};
  const opener = e.kind === 'connect' ? e.opener : null;
  return {
    service: names.serviceOf(e.source.port),
    pod: (opener && names.podOf(opener)) ?? names.podAt(e.source.ip),
    destinationPod: names.podAt(e.destination.ip),
  };
};

/**
 * An event as an object for JSON Lines: `kind` is WatchEvent, `event` is which; of a connect also the Service of its source port and the pods; of what
 * a network namespace counts its `owner` ("pod shop/web-1"), of what its reverse path filter drops the devices where that is `strict`; of the device of drops which pod's packets they were (`podPassage`); of what was seen what it is `probably`, and which check or command to `see`; where there
 * may be several nodes also which.
 */
export const watchRecord = (e: WatchEvent, names: WatchNames, node: string | null): object => ({
  ...{ apiVersion: 'netdoctor/v1', kind: 'WatchEvent', event: e.kind },
  ...(node === null ? {} : { node }),
  ...Object.fromEntries(Object.entries(e).filter(([key]) => key !== 'kind')),
  ...namesOf(e, names),
});

import type { WatchEvent } from '../core/watch.ts';

const long = (seconds: number): string => `${seconds < 10 ? seconds : Math.round(seconds)} s`;

/** In words that a pod stopped being Ready, or is so again, and who wrote that. */
export const readyText = (e: Extract<WatchEvent, { kind: 'ready' }>): string => {
  const pod = `${e.pod.namespace}/${e.pod.name}`;
  const by = e.by === null ? '' : ` (written by ${e.by})`;
  if (!e.ready) return `${pod} is not Ready any more: ${e.why ?? 'no reason given'}${by}`;
  // one that was not Ready when the watch began
  return e.awaySeconds === null
    ? `${pod} is Ready now${by}`
    : `${pod} is Ready again after ${long(e.awaySeconds)}${by}`;
};

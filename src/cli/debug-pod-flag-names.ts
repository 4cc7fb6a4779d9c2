import type { probingFlags } from './probing-flags.ts';

/** The flags that say how a debug pod is to be. */
export const debugPodFlagNames: readonly (keyof typeof probingFlags)[] = [
  'image',
  'image-pull-policy',
  'image-pull-secret',
  'probe-namespace',
  'rights',
  'timeout',
];

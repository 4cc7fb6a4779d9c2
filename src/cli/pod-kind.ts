import type { PodRef } from '../app/request.ts';
import { podKinds } from './pod-kinds.ts';

const all = Object.entries(podKinds) as readonly (readonly [PodRef['kind'], (typeof podKinds)[PodRef['kind']]])[];

/** The kind that a word means: `deploy`, `Deployment`, `deployments.apps`, `deployments.v1.apps`; null for any other. */
export const podKind = (text: string): PodRef['kind'] | null => {
  const [, word, group = ''] = /^([a-z]+)(?:\.v\d[a-z0-9]*)?(?:\.(.*))?$/.exec(text.toLowerCase()) ?? [];
  const found = all.find(
    ([, k]) => word !== undefined && k.words.includes(word) && (group === '' || group === k.group),
  );
  return found?.[0] ?? null;
};

import type { Pod } from '../facts/workloads/pods.ts';

/** Pods that the API tells of while nodes are watched: they are not in the reading before. */
export interface LearntPods {
  readonly learn: (pod: Pod) => void;
  /** The pod that came or changed last is the last; the same array until another is learnt. They stay when they are gone: what is told of them may come later. */
  readonly now: () => readonly Pod[];
}

/** More are not kept: those that came first are forgotten. */
const mostPods = 5000;

const addressesOf = ({ ips, containerIds }: Pod): string => [...ips, ...containerIds].join(' ');

/** For all nodes of a watch: a connect of one may go to a pod of another. */
export const learntPods = (): LearntPods => {
  const byUid = new Map<string, Pod>();
  let all: readonly Pod[] = [];
  let old = false;
  return {
    learn: (pod) => {
      const before = byUid.get(pod.uid);
      if (pod.uid === '' || (before && addressesOf(before) === addressesOf(pod))) return;
      byUid.delete(pod.uid);
      byUid.set(pod.uid, pod);
      const [first = ''] = byUid.keys();
      if (byUid.size > mostPods) byUid.delete(first);
      old = true;
    },
    now: () => {
      if (old) all = [...byUid.values()];
      old = false;
      return all;
    },
  };
};

import type { PodContainer, Subject } from '../../facts/workloads/subjects.ts';

/** The containers of the chosen pods that are on a node. */
export const containersOn = (pods: readonly Subject[], node: string): readonly PodContainer[] =>
  pods.filter((pod) => pod.node === node).flatMap((pod) => pod.containers);

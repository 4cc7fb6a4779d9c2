import type { ShutdownConfig, ShutdownGroup } from '../../facts/node/shutdown-config.ts';
import type { GracePeriod } from '../../facts/workloads/grace-periods.ts';

/** Kubernetes' SystemCriticalPriority. */
const critical = 2_000_000_000;

/** How kubelet shares the time out, from the lowest priority (migrateConfig of pkg/kubelet/nodeshutdown, Kubernetes 1.34). Empty: off. */
export const groupsOf = (config: ShutdownConfig): readonly ShutdownGroup[] => {
  if (config.byPriority.length > 0) return config.byPriority;
  const rest = config.graceSeconds - config.criticalSeconds;
  if (config.graceSeconds === 0 || rest < 0) return [];
  return [
    { priority: 0, seconds: Math.floor(rest) },
    { priority: critical, seconds: Math.floor(config.criticalSeconds) },
  ];
};

/** The group of a pod: the last whose priority is not above its own, or else the first (groupByPriority, there). */
export const groupOf = (pod: GracePeriod, groups: readonly [ShutdownGroup, ...ShutdownGroup[]]): ShutdownGroup =>
  groups.findLast((g) => g.priority <= pod.priority) ?? groups[0];

import { terminationPlan } from '../checks/shutdown/termination-plan.ts';
import type { Lookup } from '../core/facts-table.ts';
import type { Termination } from '../core/report.ts';
import { nodeCondition } from '../facts/node/condition.ts';
import { fronts } from '../facts/services/fronts.ts';
import { hookPrograms } from '../facts/workloads/hook-programs.ts';
import { imageStopSignals } from '../facts/workloads/image-stop-signals.ts';
import { processes } from '../facts/workloads/processes.ts';
import { subject } from '../facts/workloads/subject.ts';

/** The timeline of a pod's termination; null where there is none to come. */
export const terminationOf = (lookup: Lookup): Termination | null => {
  const pod = lookup(subject);
  if (!pod.ok) return null;
  // where nobody is at work, nothing of it would happen
  const node = lookup(nodeCondition);
  if (node.ok ? node.value.ready.status === 'Unknown' : node.gap.kind === 'absent') return null;
  return terminationPlan(pod.value, {
    processes: lookup(processes),
    imageStopSignals: lookup(imageStopSignals),
    hookPrograms: lookup(hookPrograms),
    fronts: lookup(fronts),
  });
};

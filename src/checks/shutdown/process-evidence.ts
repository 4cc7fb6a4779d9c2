import type { Evidence } from '../../core/check.ts';
import type { Process } from '../../facts/workloads/processes.ts';
import { commandOf } from './signal-path.ts';
import { inMask, type StopSignal } from './stop-signal.ts';

const hex = (mask: bigint): string => mask.toString(16).padStart(16, '0');

const disposition = (p: Process, { name, number }: StopSignal): string => {
  if (inMask(p.ignored, number)) return `${name} ignored`;
  if (inMask(p.caught, number)) return `${name} caught`;
  return inMask(p.blocked, number) ? `${name} blocked` : `${name} not caught`;
};

/** What /proc says of the process that gets the signal, and of its children; where the signal's name comes from. */
export const processEvidence = (
  p: Process,
  children: readonly Process[],
  signal: StopSignal,
): readonly [Evidence, ...Evidence[]] => [
  {
    source: `/proc/${p.pid}/status`,
    text: `${commandOf(p)}, pid ${p.ownPid ?? p.pid} in the container: SigCgt ${hex(p.caught)}, SigIgn ${hex(p.ignored)}, SigBlk ${hex(p.blocked)} (${disposition(p, signal)})`,
  },
  ...children.slice(0, 4).map((c) => ({
    source: `/proc/${c.pid}/status`,
    text: `${commandOf(c)}, pid ${c.ownPid ?? c.pid}, child of ${p.ownPid ?? p.pid} (${disposition(c, signal)})`,
  })),
  ...(signal.name === 'SIGTERM' && signal.source.startsWith('the default')
    ? []
    : [{ source: 'stop signal', text: `${signal.name}, ${signal.source}` }]),
];

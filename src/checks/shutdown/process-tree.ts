import type { ProcessNode } from '../../core/report.ts';
import type { Process } from '../../facts/workloads/processes.ts';
import { commandOf, type SignalPath } from './signal-path.ts';

/** Deeper than this nobody reads on; and a loop of parents, which a hostile answer may hold, has to end. */
const deepest = 12;

type Told = Pick<ProcessNode, 'signalFrom' | 'fate' | 'state'>;

const toldOf = (p: Process, path: SignalPath, grace: number): Told => {
  const { init, receiver, role, isPid1, toGroup } = path;
  const signalFrom = p === init ? 'runtime' : p === receiver?.process && role === 'passes' ? 'init' : 'none';
  if (p.state === 'Z')
    return { signalFrom: 'none', fate: 'a zombie: it has ended, and nobody reaped it', state: 'unsure' };
  if (p === receiver?.process) {
    const state = (
      {
        reacts: 'ok',
        forwards: 'ok',
        trap: 'unsure',
        unsure: 'unsure',
        ignores: 'lost',
        dropped: 'lost',
        shell: 'lost',
      } as const
    )[receiver.fate];
    return { signalFrom, fate: receiver.why, state };
  }
  if (p === init) return { signalFrom, fate: 'passes it on to its child', state: 'ok' };
  switch (receiver?.fate) {
    case 'shell':
      return {
        signalFrom: toGroup ? 'init' : signalFrom,
        fate: toGroup
          ? 'gets it, and is killed at once when its shell is gone'
          : isPid1 && role === 'none'
            ? `does not get it: killed after ${grace} s`
            : 'does not get it: killed when its shell is gone',
        state: 'lost',
      };
    case 'forwards':
      return { signalFrom: 'init', fate: 'gets it from the trap of its shell', state: 'ok' };
    case 'dropped':
    case 'ignores':
      return { signalFrom, fate: `does not get it: killed after ${grace} s`, state: 'lost' };
    case 'trap':
    case 'unsure':
      return { signalFrom, fate: 'is left to its parent', state: 'unsure' };
    default:
      return { signalFrom, fate: 'is left to its parent', state: 'ok' };
  }
};

/** The processes of a container as a tree, roots first; each with what the stop signal does with it. */
export const processTree = (
  all: readonly Process[],
  path: SignalPath,
  graceSeconds: number,
): readonly ProcessNode[] => {
  const pids = new Set(all.map((p) => p.pid));
  const nodeOf = (p: Process, depth: number): ProcessNode => ({
    pid: p.ownPid ?? p.pid,
    command: commandOf(p),
    ...toldOf(p, path, graceSeconds),
    children: depth >= deepest ? [] : all.filter((c) => c.parent === p.pid && c !== p).map((c) => nodeOf(c, depth + 1)),
  });
  // what was started by exec has a parent outside too, and does not belong to the tree of the init
  return all.filter((p) => !pids.has(p.parent) && (path.init === null || p === path.init)).map((p) => nodeOf(p, 0));
};

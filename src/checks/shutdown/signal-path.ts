import type { Process } from '../../facts/workloads/processes.ts';
import { inMask, type StopSignal } from './stop-signal.ts';

/** What becomes of a process that is sent the stop signal, or is not. */
export type Fate =
  /** It has a handler, or dies by the default action, which spares nobody but PID 1. */
  | 'reacts'
  /** SIG_IGN. */
  | 'ignores'
  /** The default action, and it is PID 1 of its namespace: the kernel drops the signal. */
  | 'dropped'
  /** A shell that does not catch it and waits for its children: as PID 1 nothing happens, else it dies and they are killed. */
  | 'shell'
  /** A shell whose script is known to send it on. */
  | 'forwards'
  /** It is caught or taken by a runtime or a trap that may do nothing. */
  | 'unsure';

/** A process that the signal is for, and what it does with it. */
export interface Receiver {
  readonly process: Process;
  readonly fate: Fate;
  /** Why, as a clause that begins with a verb. */
  readonly why: string;
  /** Its children. */
  readonly children: readonly Process[];
}

/** The way of the stop signal within a container. */
export interface SignalPath {
  /** The process that the runtime signals; null where the container's processes were not seen. */
  readonly init: Process | null;
  /** Whether that is PID 1 of a PID namespace of its own. */
  readonly isPid1: boolean;
  /** `passes`: a small init (tini, …) that sends it on to its child; `supervises`: an init that ends its services itself. */
  readonly role: 'none' | 'passes' | 'supervises';
  /** Such an init signals the whole process group of its child (dumb-init, `tini -g`). */
  readonly toGroup: boolean;
  /** Who acts on it: the init's child, or the init itself. */
  readonly receiver: Receiver | null;
}

const shells = new Set(['sh', 'ash', 'dash', 'bash', 'ksh', 'mksh', 'zsh', 'rbash']);
const passing = new Set(['tini', 'tini-static', 'docker-init', 'dumb-init', 'catatonit', 'podman-init']);
const supervising = new Set([
  's6-svscan',
  's6-linux-init',
  'runsvdir',
  'runit',
  'runit-init',
  'systemd',
  'supervisord',
  'monit',
  'circusd',
  'pause',
]);
/** Runtimes that catch INT and TERM themselves, whatever the program does (facts K.3: node without a handler); of other signals their masks tell the truth. */
const misleading = new Set(['node', 'nodejs', 'npm', 'npx', 'yarn', 'pnpm']);
const misled = new Set([2, 15]);

/** Signals whose default action ends no process: CHLD, CONT, STOP, TSTP, TTIN, TTOU, URG, WINCH (signal(7)). */
const endsNobody = new Set([17, 18, 19, 20, 21, 22, 23, 28]);
const sigkill = 9;

/** The program's name: of its executable where that may be seen, else of argv[0]. */
export const programOf = (p: Process): string => {
  const [argv0 = ''] = p.words;
  // busybox is many programs, told apart by argv[0]; of a script its interpreter is the program
  if (p.program !== null && !/^busybox/.test(p.program)) return p.program;
  return argv0 === '' || argv0 === '?' ? (p.program ?? p.name) : argv0;
};

/** "sh -c", "node server.js": what of a command line may be shown. */
export const commandOf = (p: Process): string => {
  const [first, ...more] = p.words;
  // flags whose values are not shown say nothing; `sh -c` does
  const last = shells.has(programOf(p)) ? more.length : more.findLastIndex((w) => !w.startsWith('-')) + 1;
  const rest = more.slice(0, last);
  const program = programOf(p);
  return [first === undefined || first === '?' || p.program === null ? program : first, ...rest].join(' ');
};

const isShell = (p: Process): boolean => shells.has(programOf(p));
const isSupervisor = (p: Process): boolean => supervising.has(programOf(p)) || p.words.includes('supervisord');

/** Children that are not only waiting to be reaped. */
const childrenOf = (p: Process, all: readonly Process[]): readonly Process[] =>
  all.filter((c) => c.parent === p.pid && c.state !== 'Z');

/**
 * The process that the runtime started: PID 1 where the container has a PID namespace (the outermost, where it makes more of them itself: sandboxes of
 * browsers, docker in docker), else the oldest whose parent is not in the container.
 */
const initOf = (all: readonly Process[]): Process | null => {
  const [first] = all.filter((p) => p.depth > 1 && p.ownPid === 1).toSorted((a, b) => a.depth - b.depth);
  if (first) return first;
  const pids = new Set(all.map((p) => p.pid));
  return all.filter((p) => !pids.has(p.parent)).toSorted((a, b) => b.ageSeconds - a.ageSeconds)[0] ?? null;
};

const shellFate = (p: Process, signal: StopSignal, pid1: boolean, children: number): readonly [Fate, string] => {
  if (inMask(p.ignored, signal.number)) return ['ignores', `ignores ${signal.name}`];
  if (!inMask(p.caught, signal.number))
    return [
      'shell',
      pid1 ? `has no trap for ${signal.name}, and goes on waiting` : `dies of ${signal.name} without passing it on`,
    ];
  // of several children nobody knows which of them gets it
  if (p.forwards === true && signal.number === 15 && children === 1)
    return ['forwards', 'has a trap that passes it on to its child'];
  return ['unsure', `has a trap for ${signal.name}, and what that does cannot be seen`];
};

const fateOf = (
  p: Process,
  signal: StopSignal,
  pid1: boolean,
  children: readonly Process[],
): readonly [Fate, string] => {
  const { name, number } = signal;
  if (number === sigkill) return ['reacts', `is killed by ${name} at once, for which there is no handler`];
  if (isShell(p) && children.length > 0) return shellFate(p, signal, pid1, children.length);
  if (inMask(p.ignored, number)) return ['ignores', `ignores ${name}`];
  if (inMask(p.caught, number)) {
    if (pid1 && misled.has(number) && misleading.has(programOf(p)))
      return [
        'unsure',
        `always catches ${name} itself: whether the program has a handler cannot be seen, and without one PID 1 goes on`,
      ];
    return ['reacts', `catches ${name}`];
  }
  if (inMask(p.blocked, number) || p.waitsForSignals === true)
    return ['unsure', `takes signals by waiting for them, and what it does with ${name} cannot be seen`];
  if (endsNobody.has(number)) return ['ignores', `has no handler for ${name}, which ends nobody by itself`];
  if (!pid1) return ['reacts', `dies of ${name}`];
  if (p.waitsForSignals === null)
    return ['unsure', `has no handler for ${name}, and whether it waits for signals may not be seen`];
  return ['dropped', `has no handler for ${name}, and for PID 1 that means that the kernel drops it`];
};

/** Follows the signal from the runtime to whoever acts on it. `shared`: the pod's containers share a PID namespace, whose PID 1 is the pause process. */
export const signalPath = (all: readonly Process[], signal: StopSignal): SignalPath => {
  const init = initOf(all);
  if (init === null) return { init, isPid1: false, role: 'none', toGroup: false, receiver: null };
  const isPid1 = init.depth > 1 && init.ownPid === 1;
  const receiverOf = (process: Process, pid1: boolean): Receiver => {
    const children = childrenOf(process, all);
    const [fate, why] = fateOf(process, signal, pid1, children);
    return { process, fate, why, children };
  };
  if (isSupervisor(init)) {
    const receiver: Receiver = {
      process: init,
      fate: 'reacts',
      why: 'ends its services',
      children: childrenOf(init, all),
    };
    return { init, isPid1, role: 'supervises', toGroup: false, receiver };
  }
  if (!passing.has(programOf(init)))
    return { init, isPid1, role: 'none', toGroup: false, receiver: receiverOf(init, isPid1) };
  // it may have adopted orphans; its own child is the oldest
  const [child] = childrenOf(init, all).toSorted((a, b) => b.ageSeconds - a.ageSeconds);
  const toGroup = programOf(init) === 'dumb-init' ? !init.words.includes('-c') : init.words.includes('-g');
  return { init, isPid1, role: 'passes', toGroup, receiver: child === undefined ? null : receiverOf(child, false) };
};

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
  /** A shell that catches it: what it does then cannot be seen. */
  | 'trap'
  /** It is caught or taken by a runtime that may do nothing. */
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
  /** `passes`: a small init (tini, …) that sends it on to its child. */
  readonly role: 'none' | 'passes';
  /** Such an init signals the whole process group of its child (dumb-init, `tini -g`). */
  readonly toGroup: boolean;
  /** Who acts on it: the init's child, or the init itself. */
  readonly receiver: Receiver | null;
}

const shells = new Set(['sh', 'ash', 'dash', 'bash', 'ksh', 'mksh', 'zsh', 'rbash']);
const passing = new Set(['tini', 'tini-static', 'docker-init', 'dumb-init', 'catatonit', 'podman-init']);

/** Supervisors whose masks do not tell: what ends them with their services, by their manuals, and what else does with them. */
const supervisors: Readonly<Record<string, { readonly endsOn: readonly number[]; readonly else: string }>> = {
  's6-svscan': { endsOn: [1, 2, 3, 15], else: 'takes signals itself' },
  's6-linux-init': { endsOn: [1, 2, 3, 15], else: 'takes signals itself' },
  // systemd(1): SIGTERM makes it execute itself anew
  systemd: { endsOn: [37], else: 'ends its services on SIGRTMIN+3 only' },
  // runsvdir(8): on TERM it exits at once and leaves its services to be killed
  runsvdir: { endsOn: [1], else: 'ends its services on SIGHUP only' },
  runit: { endsOn: [], else: 'has ways of its own to be ended' },
  'runit-init': { endsOn: [], else: 'has ways of its own to be ended' },
};

/** They block all signals and have a thread that waits for them: these two end orderly on TERM (their manuals). */
const waitsForTerm = new Set(['mysqld', 'mariadbd']);

/** What the node sees of a pod in a sandbox, where a runtime class does not say so. */
const sandboxes = /^(runsc|qemu-system-|firecracker|cloud-hypervisor)/;

/** They start their program by a shell of their own, and send signals to that. */
const runners = new Set(['npm', 'npx', 'yarn', 'pnpm']);

/** Runtimes that catch INT and TERM themselves, whatever the program does (facts K.3: node without a handler); of other signals their masks tell the truth. */
const misleading = new Set(['node', 'nodejs']);
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

/** Whether it is a shell, whatever runs in it. */
export const isShell = (p: Process): boolean => shells.has(programOf(p));
const isRunner = (p: Process): boolean =>
  [programOf(p), ...p.words.slice(0, 2)].some((w) => runners.has(w.replace(/(-cli)?\.[cm]?js$/, '')));

/** Children that are not only waiting to be reaped. */
const childrenOf = (p: Process, all: readonly Process[]): readonly Process[] =>
  all.filter((c) => c.parent === p.pid && c.state !== 'Z');

/**
 * The process that the runtime started: PID 1 where the container has a PID namespace (the outermost, where it makes more of them itself: sandboxes of
 * browsers, docker in docker), else the oldest whose parent is not in the container.
 */
const initOf = (all: readonly Process[]): Process | null => {
  const outermost = Math.min(...all.map((p) => p.depth));
  const first = all.find((p) => p.depth > 1 && p.depth === outermost && p.ownPid === 1);
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
  // INT every shell that runs a script catches of itself
  return ['trap', `catches ${signal.name}, and what its trap does cannot be seen`];
};

const fateOf = (
  p: Process,
  signal: StopSignal,
  pid1: boolean,
  children: readonly Process[],
): readonly [Fate, string] => {
  const { name, number } = signal;
  if (number === sigkill) return ['reacts', `is killed by ${name} at once, for which there is no handler`];
  const supervisor = supervisors[programOf(p)];
  if (supervisor) {
    if (supervisor.endsOn.includes(number)) return ['reacts', 'ends its services'];
    return ['unsure', `${supervisor.else}, and what it does on ${name} cannot be seen`];
  }
  if (sandboxes.test(programOf(p))) return ['unsure', 'is a sandbox, and what runs in it cannot be seen'];
  if (isRunner(p))
    return ['unsure', `starts its program by a shell of its own, and whether ${name} gets through it cannot be seen`];
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
  if (number === 15 && waitsForTerm.has(programOf(p)) && inMask(p.blocked, number))
    return ['reacts', `waits for ${name}, and ends on it`];
  if (inMask(p.blocked, number) || p.waitsForSignals === true)
    return ['unsure', `takes signals by waiting for them, and what it does with ${name} cannot be seen`];
  if (endsNobody.has(number)) return ['ignores', `has no handler for ${name}, whose default action does nothing`];
  if (!pid1) return ['reacts', `dies of ${name}`];
  if (p.waitsForSignals === null)
    return ['unsure', `has no handler for ${name}, and whether it waits for signals may not be seen`];
  return ['dropped', `has no handler for ${name}, and for PID 1 that means that the kernel drops it`];
};

/** Follows the signal from the runtime to whoever acts on it. */
export const signalPath = (all: readonly Process[], signal: StopSignal): SignalPath => {
  const init = initOf(all);
  if (init === null) return { init, isPid1: false, role: 'none', toGroup: false, receiver: null };
  const isPid1 = init.depth > 1 && init.ownPid === 1;
  const receiverOf = (process: Process, pid1: boolean): Receiver => {
    const children = childrenOf(process, all);
    const [fate, why] = fateOf(process, signal, pid1, children);
    return { process, fate, why, children };
  };
  if (!passing.has(programOf(init)))
    return { init, isPid1, role: 'none', toGroup: false, receiver: receiverOf(init, isPid1) };
  // it may have adopted orphans; its own child is the oldest
  const [child] = childrenOf(init, all).toSorted((a, b) => b.ageSeconds - a.ageSeconds);
  const toGroup =
    programOf(init) === 'dumb-init'
      ? !init.words.some((w) => w === '-c' || w === '--single-child')
      : init.words.includes('-g');
  return { init, isPid1, role: 'passes', toGroup, receiver: child === undefined ? null : receiverOf(child, false) };
};

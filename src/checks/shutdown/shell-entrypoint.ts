import { cannotTell, check, fail, notApplicable, pass, type Verdict } from '../../core/check.ts';
import { imageStopSignals } from '../../facts/workloads/image-stop-signals.ts';
import { type Process, processes } from '../../facts/workloads/processes.ts';
import type { PodContainer, Subject } from '../../facts/workloads/subjects.ts';
import type { ContainerPath } from './container-paths.ts';
import { eachContainer, needsOfPath, wantsOfPath } from './each-container.ts';
import { entrypointExamples } from './entrypoint-examples.ts';
import { processEvidence } from './process-evidence.ts';
import { commandOf, isShell, programOf } from './signal-path.ts';
import { handlesAnother } from './stop-signal.ts';

/** A script that prepares something before its `exec` looks like one that stays. In seconds. */
const settledSeconds = 30;

/** Not ready yet, or, where no probe tells, hardly begun. */
const mayPrepare = ({ status, readiness, startup }: PodContainer, shell: Process): boolean =>
  status?.ready === false || (readiness === null && startup === null && shell.ageSeconds < settledSeconds);

const judgeOne = ({ container, signal, path }: ContainerPath, { graceSeconds }: Subject): Verdict => {
  const { init, receiver, role, isPid1, toGroup } = path;
  if (init === null) return cannotTell(processes, `no process of container ${container.name} was seen on the node`);
  if (receiver === null) return pass(`${container.name}: ${programOf(init)} has no child`);
  const shell = receiver.process;
  const named = `${commandOf(shell)} (pid ${shell.ownPid ?? shell.pid})`;
  switch (receiver.fate) {
    case 'shell':
      if (mayPrepare(container, shell))
        return cannotTell(
          processes,
          `container ${container.name}: ${named} has children and is ${Math.round(shell.ageSeconds)} s old: it may still prepare, and become the program (exec) later`,
        );
      // every shell that runs a script catches INT
      if (signal.known || !handlesAnother(shell, [2])) break;
      return cannotTell(
        imageStopSignals,
        `container ${container.name}: ${named} has a trap for another signal than ${signal.name}, and the image's STOPSIGNAL could not be read`,
      );
    case 'forwards':
      return pass(`${container.name}: ${named} ${receiver.why}`);
    case 'trap':
      return cannotTell(processes, `container ${container.name}: ${named} ${receiver.why}`);
    case 'unsure':
      // npm and its like start a shell of their own, and what they do with the signal is their business
      return receiver.children.some((c) => isShell(c))
        ? notApplicable(`${container.name}: ${named} has a shell of its own (shutdown/sigterm-ignored)`)
        : pass(`${container.name}: ${named} is no shell`);
    default:
      return pass(`${container.name}: ${named} gets the signal, no shell stands before it`);
  }
  const [app] = receiver.children.toSorted((a, b) => b.ageSeconds - a.ageSeconds);
  const child = app === undefined ? 'its children' : commandOf(app);
  const direct = role === 'none';
  const cause = direct
    ? `its first process is ${named}, a shell that waits for it and passes no signal on`
    : `${programOf(init)} passes it on to ${named}, a shell that dies of it and takes ${child} along`;
  const end =
    direct && isPid1
      ? `After the ${graceSeconds} s of grace all is killed.`
      : `${child} is killed as soon as the shell is gone.`;
  return fail({
    id: direct ? 'pid1' : 'behind-init',
    severity: 'error',
    message: `Container ${container.name}: ${toGroup ? `${child} gets ${signal.name} and no time to heed it` : `${signal.name} never reaches ${child}`}: ${cause}. ${end}`,
    data: {
      container: container.name,
      shell: { pid: shell.ownPid, command: commandOf(shell) },
      children: receiver.children.map((c) => ({ pid: c.ownPid, command: commandOf(c) })),
      stopSignal: signal.name,
      init: direct ? null : programOf(init),
    },
    evidence: processEvidence(shell, receiver.children, signal),
    fix: {
      say: `Let ${child} get the signal: replace the shell by it, in the image of container ${container.name} or in its command.`,
      examples: entrypointExamples(app === undefined ? 'program' : commandOf(app), signal),
      risk: 'none',
      covers: `What ${child} does with the signal: it needs a handler that ends its work (shutdown/sigterm-ignored looks at that).`,
    },
  });
};

/** Facts K.3 (ii), K.4: a shell that waits for a foreground child neither dies as PID 1 nor passes signals on. Seen in /proc, never in a text. */
export const shellEntrypoint = check({
  id: 'shutdown/shell-entrypoint',
  title: 'No shell stands between the stop signal and the program',
  severity: 'error',
  per: 'pod',
  docs: {
    why:
      'The runtime sends the stop signal to the first process of a container only. A shell that started the program as its child (an entrypoint script without exec, ' +
      '`sh -c "a; b"`) does not pass it on; as PID 1 it does not even die of it. The program is killed at the end of the grace period, with its ' +
      'requests and its data. Whether a shell replaces itself by its last command depends on the shell and the form, so the ' +
      'running processes decide, not the Dockerfile.',
    links: [
      'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
      'https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example',
    ],
  },
  needs: needsOfPath,
  wants: wantsOfPath,
  judge: (facts, maybe) => eachContainer(facts, maybe, judgeOne),
});

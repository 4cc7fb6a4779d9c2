import { cannotTell, check, fail, notApplicable, pass, type Verdict } from '../../core/check.ts';
import { imageStopSignals } from '../../facts/workloads/image-stop-signals.ts';
import { processes } from '../../facts/workloads/processes.ts';
import type { Subject } from '../../facts/workloads/subjects.ts';
import type { ContainerPath } from './container-paths.ts';
import { eachContainer, needsOfPath, wantsOfPath } from './each-container.ts';
import { processEvidence } from './process-evidence.ts';
import { commandOf } from './signal-path.ts';
import { assumed, handlesAnother, inMask } from './stop-signal.ts';

const judgeOne = ({ container, signal, path }: ContainerPath, pod: Subject): Verdict => {
  const { init, receiver, isPid1 } = path;
  if (init === null) return cannotTell(processes, `no process of container ${container.name} was seen on the node`);
  if (receiver === null) return pass(`${container.name}: ${commandOf(init)} passes ${signal.name} on and has no child`);
  const { process, fate, why } = receiver;
  const named = `${commandOf(process)} (pid ${process.ownPid ?? process.pid})`;
  switch (fate) {
    case 'reacts':
    case 'forwards':
      return pass(`${container.name}: ${named} ${why}${assumed(signal)}`);
    case 'shell':
      return notApplicable(`${container.name}: ${named} is a shell before its children (shutdown/shell-entrypoint)`);
    case 'trap':
      return notApplicable(`${container.name}: ${named} is a shell that catches it (shutdown/shell-entrypoint)`);
    case 'unsure':
      return cannotTell(
        processes,
        `container ${container.name}: ${named} ${why}. Delete one pod and look how long it takes`,
      );
    case 'dropped':
    case 'ignores':
      break;
  }
  if (!signal.known && handlesAnother(process))
    return cannotTell(
      imageStopSignals,
      `container ${container.name}: ${named} ${why}, but handles others, and the image's STOPSIGNAL could not be read`,
    );
  return fail({
    id: fate,
    severity: 'error',
    message: `Container ${container.name}: ${named} ${why}. A deletion waits the whole ${pod.graceSeconds} s of grace for it, then kills it.`,
    data: {
      container: container.name,
      process: { pid: process.ownPid, command: commandOf(process) },
      stopSignal: signal.name,
      stopSignalSource: signal.source,
      isPid1,
      graceSeconds: pod.graceSeconds,
    },
    evidence: processEvidence(process, [], signal),
    fix: {
      say:
        fate === 'dropped'
          ? `Give ${commandOf(process)} a handler for ${signal.name} that ends its work, or at least an init as PID 1, behind which the signal ends it at once.`
          : inMask(process.ignored, signal.number)
            ? `${commandOf(process)} is told to ignore ${signal.name} (by itself, or by who started it: nohup, trap ''): end that.`
            : `Send it a signal that ends it: STOPSIGNAL SIGTERM in the image, or lifecycle.stopSignal in the pod (Kubernetes 1.33 and newer).`,
      examples: [
        {
          about: 'in the Dockerfile: an init as PID 1 passes the signal on (no help against a process that ignores it)',
          text: `ENTRYPOINT ["tini", "--", ${JSON.stringify(commandOf(process).split(' ')).slice(1)}`,
        },
      ].slice(0, fate === 'dropped' ? 1 : 0),
      risk: 'none',
      covers: 'A handler that does too little: netdoctor sees that a signal is caught, not what is done then.',
    },
  });
};

/** Facts K.3: the kernel drops a signal without handler for PID 1 of a namespace; an ignored one for everybody. */
export const sigtermIgnored = check({
  id: 'shutdown/sigterm-ignored',
  title: 'The process that gets the stop signal reacts to it',
  severity: 'error',
  per: 'pod',
  docs: {
    why:
      'PID 1 of a container is spared by every signal that it has no handler for, so a program without one does not end on SIGTERM though it would on any machine. ' +
      'The pod hangs for its whole grace period and is killed then. The signal masks of the running process say whether there is a handler; of node, ' +
      'which always has one of its own, they do not say whether the program has, and netdoctor says that it cannot tell.',
    links: [
      'https://man7.org/linux/man-pages/man7/pid_namespaces.7.html',
      'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-stop-signals',
    ],
  },
  needs: needsOfPath,
  wants: wantsOfPath,
  judge: (facts, maybe) => eachContainer(facts, maybe, judgeOne),
});

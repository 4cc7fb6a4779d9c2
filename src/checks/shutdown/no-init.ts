import { cannotTell, check, fail, notApplicable, pass, type Verdict } from '../../core/check.ts';
import { processes } from '../../facts/workloads/processes.ts';
import type { Subject } from '../../facts/workloads/subjects.ts';
import type { ContainerPath } from './container-paths.ts';
import { eachContainer, needsOfPath, wantsOfPath } from './each-container.ts';
import { commandOf } from './signal-path.ts';

/** A process that lives so long is none that just comes and goes. */
const longSeconds = 60;

const judgeOne = ({ container, path, processes: all }: ContainerPath, pod: Subject): Verdict => {
  if (pod.shareProcessNamespace) return notApplicable('PID 1 is not of the container: the PID namespace is shared');
  const { init, role, isPid1 } = path;
  if (init === null) return cannotTell(processes, `no process of container ${container.name} was seen on the node`);
  if (!isPid1 || role !== 'none') return pass(`${container.name}: ${commandOf(init)} is not the one that has to reap`);
  const zombies = all.filter((p) => p.state === 'Z' && p.parent === init.pid && p.ageSeconds >= longSeconds);
  // one may be about to be reaped
  if (zombies.length < 2) return pass(`${container.name}: PID 1 (${commandOf(init)}) has no zombies`);
  const others = all.filter((p) => p !== init && p.state !== 'Z' && p.ageSeconds >= longSeconds).length;
  const [first, ...more] = zombies.slice(0, 6).map((z) => ({
    source: `/proc/${z.pid}/status`,
    text: `${z.name}, pid ${z.ownPid ?? z.pid}, state Z, parent 1, started ${Math.round(z.ageSeconds)} s ago`,
  }));
  if (!first) return pass('no zombie');
  return fail({
    id: 'zombies',
    severity: 'info',
    message: `Container ${container.name}: ${zombies.length} zombies under PID 1 (${commandOf(init)}), which it does not reap; ${others} other processes run there. Zombies take up PIDs, up to the pod's limit.`,
    data: { container: container.name, zombies: zombies.length, others, pid1: commandOf(init) },
    evidence: [first, ...more],
    fix: {
      say: 'Run an init as PID 1 (tini, dumb-init, catatonit), or let the pod share one PID namespace, where the pause process reaps.',
      examples: [
        {
          about: 'in the Dockerfile',
          text: `ENTRYPOINT ["tini", "--", ${JSON.stringify(commandOf(init).split(' ')).slice(1)}`,
        },
      ],
      risk: 'none',
    },
  });
};

/** A PID 1 that does not wait for adopted children leaves zombies; seen as processes in state Z whose parent it is. */
export const noInit = check({
  id: 'shutdown/no-init',
  title: 'PID 1 reaps its orphans',
  severity: 'info',
  per: 'pod',
  docs: {
    why:
      'A process whose parent ended is given to PID 1 of its container. An init waits for it when it ends; an application that is PID 1 mostly does not, and it stays as a zombie, ' +
      'with its PID. Told only where there are several zombies that were started more than a minute ago.',
    links: ['https://man7.org/linux/man-pages/man7/pid_namespaces.7.html'],
  },
  needs: needsOfPath,
  wants: wantsOfPath,
  judge: (facts, maybe) => eachContainer(facts, maybe, judgeOne),
});

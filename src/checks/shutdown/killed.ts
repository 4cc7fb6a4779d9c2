import { check, fail, notApplicable, type Problem, pass } from '../../core/check.ts';
import { nodeCondition } from '../../facts/node/condition.ts';
import { subject } from '../../facts/workloads/subject.ts';
import type { PodContainer, Subject } from '../../facts/workloads/subjects.ts';

/** 128 + SIGKILL, as shells and runtimes count. */
const sigkilled = 137;

/** Reasons for that code without that signal: the kernel's for lack of memory, and the kubelet's own where it lost sight of the container. */
const otherReasons: readonly string[] = ['OOMKilled', 'ContainerStatusUnknown'];

/** Beyond the plan (grace and the kubelet's floor of 2 s) by so much nobody is still at work. */
const slackSeconds = 15;

const iso = (ms: number | null): string =>
  ms === null ? 'at an unknown time' : `at ${new Date(ms).toISOString().replace('.000', '')}`;

/** Older than this it is history. */
const recentMs = 86_400_000;

const lastTime = (c: PodContainer, nowMs: number | null): readonly Problem[] => {
  const last = c.status?.lastTerminated;
  if (last?.exitCode !== sigkilled || otherReasons.includes(last.reason)) return [];
  // only a probe that restarts a container gives it its grace period first
  const probed = c.liveness !== null || c.startup !== null;
  const recent = nowMs === null || last.finishedAtMs === null || nowMs - last.finishedAtMs <= recentMs;
  return [
    {
      id: probed ? 'sigkill' : 'sigkill-from-elsewhere',
      severity: probed && recent ? 'warning' : 'info',
      message: `Container ${c.name} was ended by SIGKILL ${iso(last.finishedAtMs)}, and the API does not call it OOMKilled: ${probed ? 'if a probe restarted it, it had its grace period and did not end by itself' : 'it has no probe that would have restarted it, so something else did it (the kernel, for lack of memory, to one of its processes; a reboot; kill -9)'}.`,
      data: {
        container: c.name,
        exitCode: last.exitCode,
        reason: last.reason,
        finishedAtMs: last.finishedAtMs,
        restarts: c.status?.restarts ?? 0,
      },
      evidence: [
        {
          source: `status of container ${c.name}, lastState.terminated`,
          text: `exitCode ${last.exitCode}, reason ${last.reason || '(none)'}, finished ${iso(last.finishedAtMs)}, restarts ${c.status?.restarts ?? 0}`,
        },
      ],
      fix: {
        say: 'Let the program end on its stop signal (shutdown/shell-entrypoint and shutdown/sigterm-ignored say whether it does), or grant it more time.',
        risk: 'none',
        covers:
          'A SIGKILL that came from elsewhere: the kernel killing a child for lack of memory, somebody with kill -9.',
      },
    },
  ];
};

const overdue = (pod: Subject, node: string): readonly Problem[] => {
  const { deletion, nowMs } = pod;
  const alive = pod.containers.filter((c) => c.status?.running);
  if (deletion === null || nowMs === null || alive.length === 0) return [];
  const seconds = Math.round((nowMs - deletion.atMs) / 1000);
  if (seconds <= deletion.graceSeconds + 2 + slackSeconds) return [];
  return [
    {
      id: 'overdue',
      severity: 'warning',
      message: `The deletion of the pod was asked for ${seconds} s ago, with ${deletion.graceSeconds} s of grace, and ${alive.map((c) => c.name).join(', ')} still runs by what the API knows.${node}`,
      data: { seconds, graceSeconds: deletion.graceSeconds, running: alive.map((c) => c.name) },
      evidence: [
        {
          source: 'metadata.deletionTimestamp',
          text: `asked for ${iso(deletion.atMs)}, grace ${deletion.graceSeconds} s`,
        },
      ],
      fix: {
        say: `Look at the kubelet of node ${pod.node ?? '(none)'} and its container runtime first. A forced deletion takes the pod out of the API only: where the node is alive, the containers may go on.`,
        risk: 'disruptive',
      },
    },
  ];
};

/** What is left of past shutdowns: exit code 137 of a container that was restarted in place. After the deletion of a pod the evidence is gone with it. */
export const killed = check({
  id: 'shutdown/killed',
  title: 'Containers ended by themselves the last time',
  severity: 'warning',
  per: 'pod',
  docs: {
    why:
      'A container that does not end within its grace period is killed: exit code 137. Where a container was restarted within its pod (a liveness probe, mostly) the API keeps ' +
      'how it ended; of deleted pods it keeps nothing, so their shutdowns are not known afterwards. OOMKilled is another matter and not told here.',
    links: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states'],
  },
  needs: { subject },
  wants: { nodeCondition },
  judge: (facts, maybe) => {
    const pod = facts.subject;
    const ready = pod.deletion !== null && maybe.nodeCondition.ok ? maybe.nodeCondition.value.ready : null;
    const node = ready && ready.status !== 'True' ? ` Its node is not Ready (${ready.reason || ready.status}).` : '';
    const [first, ...more] = [...pod.containers.flatMap((c) => lastTime(c, pod.nowMs)), ...overdue(pod, node)];
    if (first) return fail(first, ...more);
    const ended = pod.containers.filter((c) => c.status?.lastTerminated);
    if (ended.length === 0)
      return notApplicable('no container was restarted in place; how pods before it ended nobody keeps');
    return pass(
      ended.map((c) => `${c.name}: exit code ${c.status?.lastTerminated?.exitCode} the last time`).join('; '),
    );
  },
});

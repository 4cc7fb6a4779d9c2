import type { Reading } from '../../core/gap.ts';
import type { KubernetesVersion } from '../../lib/kubernetes-version.ts';

/** The sleep action is on by default since 1.30 (KEP-3960; alpha in 1.29). */
export const hasSleepAction = (version: Reading<KubernetesVersion>): boolean =>
  !version.ok || version.value.major > 1 || version.value.minor >= 30;

/** A preStop hook that waits, as this version takes it. `exec: null` in a strategic-merge patch takes away the hook that was there. */
export const sleepHook = (seconds: number, version: Reading<KubernetesVersion>, replacesExec = false): object =>
  hasSleepAction(version)
    ? { preStop: { ...(replacesExec ? { exec: null } : {}), sleep: { seconds } } }
    : { preStop: { exec: { command: ['sleep', String(seconds)] } } };

/** What to know of that hook, as a sentence that begins with a blank. */
export const sleepHookNote = (version: Reading<KubernetesVersion>): string => {
  if (!hasSleepAction(version))
    return ` Before Kubernetes 1.30 there is no sleep action: the image needs a \`sleep\` program.`;
  return version.ok ? '' : ' The sleep action needs Kubernetes 1.30 or newer.';
};

import type { CleanupContext, CleanupRequest, CleanupStep } from '../app/cleanup.ts';
import { printable } from '../lib/printable.ts';
import { printableLines } from '../lib/printable-lines.ts';
import type { cleanupFlags } from './cleanup-flags.ts';
import { errorText } from './error-text.ts';
import type { Host } from './host.ts';
import { interruptible } from './interruptible.ts';
import { kubeFlags } from './kube-flags.ts';
import { namespaceName } from './namespace-name.ts';
import type { Values } from './values.ts';
import { write } from './write.ts';

/** A pod as the server names it. */
interface CleanupPod {
  readonly namespace: string;
  readonly name: string;
}

const keyOf = ({ namespace, name }: CleanupPod): string => `${namespace}/${name}`;
const podText = ({ name }: CleanupPod): string => `pod "${printable(name)}"`;
const whereText = ({ namespace }: CleanupPod): string => `${printable(namespace)} namespace`;

/** Tells a step in kubectl's words. */
const tell = (step: CleanupStep, dryRun: boolean, { streams }: Host): Promise<void> => {
  if (step.kind === 'note') return write(streams.stderr, `${printableLines(step.text).join('\n')}\n`);
  const pod = podText(step);
  const where = whereText(step);
  switch (step.kind) {
    case 'deleted':
      return write(streams.stdout, `${pod} deleted from ${where}${dryRun ? ' (dry run)' : ''}\n`);
    case 'kept':
      return write(streams.stdout, `${pod} kept in ${where}: ${printable(step.why)}; --force deletes it\n`);
    case 'failed':
      return write(streams.stderr, errorText(`${pod} could not be deleted from ${where}: ${step.why}`));
  }
};

/** `netdoctor cleanup`: deletes debug pods that earlier runs left. 0: all of them are deleted · 1: one could not be. */
export const cleanupCommand = async (v: Values<keyof typeof cleanupFlags>, host: Host): Promise<number> => {
  const { streams, env, deps } = host;
  const namespace = v.text('namespace');
  const request: CleanupRequest = {
    ...kubeFlags(v),
    namespace: namespace === undefined ? null : namespaceName(namespace, 'namespace'),
    dryRun: v.on('dry-run'),
    force: v.on('force'),
  };
  const doomed = new Map<string, CleanupPod>();
  const tellLeftBehind = (): Promise<void> => {
    if (doomed.size === 0) return Promise.resolve();
    const what = doomed.size === 1 ? 'This debug pod' : `These ${doomed.size} debug pods`;
    const lines = [...doomed.values()].map((pod) => `  ${podText(pod)} in ${whereText(pod)}\n`).join('');
    return write(streams.stderr, `${what} may still be there:\n${lines}`);
  };
  const onDoomed: CleanupContext['onDoomed'] = (pods) => {
    for (const pod of pods) doomed.set(keyOf(pod), pod);
  };
  const cleanUp = await deps.cleanUp();
  const work = async (signal: AbortSignal): Promise<number> => {
    let failed = 0;
    let deleted = 0;
    for await (const step of cleanUp(request, { env, signal, onDoomed })) {
      if (step.kind !== 'note') doomed.delete(keyOf(step));
      await tell(step, request.dryRun, host);
      if (step.kind === 'failed') failed += 1;
      if (step.kind === 'deleted') deleted += 1;
    }
    if (failed + deleted === 0) await write(streams.stderr, 'No leftovers found.\n');
    return failed > 0 ? 1 : 0;
  };
  let forced = false;
  const code = await interruptible(work, {
    onSignal: deps.onSignal,
    now: deps.now,
    onForced: () => {
      forced = true;
      return tellLeftBehind();
    },
    onError: (error) => write(streams.stderr, errorText(error)),
  });
  if (!forced) await tellLeftBehind();
  return code;
};

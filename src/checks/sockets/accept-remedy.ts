import type { Remedy } from '../../core/check.ts';
import type { QueueSettings } from '../../facts/sockets/queues.ts';

/** Linux' own default since 5.4; before it was 128. */
const usual = 4096;
const file = '/etc/sysctl.d/99-z-netdoctor-somaxconn.conf';

/**
 * The backlog is the smaller of listen()'s argument and somaxconn, taken at listen() (measured, facts D): somaxconn alone helps nobody who asked
 * for less, and nobody before a restart. Host settings never reach pods (facts 0).
 */
export const acceptRemedy = (host: boolean, backlog: number | null, settings: QueueSettings | undefined): Remedy => {
  const max = settings?.somaxconn ?? null;
  const atLimit = backlog !== null && max !== null && backlog >= max;
  const below = backlog !== null && max !== null && backlog < max;
  const which = below
    ? `Its backlog of ${backlog} was asked for by the program (net.core.somaxconn is ${max}, and raising that alone changes nothing): raise it in the program.`
    : atLimit
      ? `Its backlog of ${backlog} is all that net.core.somaxconn allows: raise both, in the program (unless it asks for the most already) and there.`
      : `The backlog is the smaller of what the program asks of listen() and of net.core.somaxconn${max === null ? '' : ` (${max})`}: raise it in the program, and somaxconn only where it is the smaller.`;
  const place =
    host || below
      ? ''
      : ' A pod has a somaxconn of its own, whatever the node has: spec.securityContext.sysctls, where the kubelet allows it (--allowed-unsafe-sysctls net.core.somaxconn).';
  const raised = Math.max(usual, 2 * (max ?? usual));
  return {
    say: `The program must accept faster: see whether it hangs, is short of CPU (limits) or of workers. A longer queue only bridges bursts. ${which}${place} Restart the program after that: the backlog is taken when it calls listen().`,
    ...(host && atLimit
      ? {
          now: [`sysctl -w net.core.somaxconn=${raised}`],
          persist: { file, content: `net.core.somaxconn = ${raised}\n` },
        }
      : {}),
    risk: 'disruptive',
    covers: 'A program that does not accept at all: its queue fills, however long.',
  };
};

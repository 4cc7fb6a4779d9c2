import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../cluster/api.ts';
import { missing } from '../core/gap.ts';
import type { NodeRead, Raw } from '../core/read.ts';
import type { Rights, WriteProgram } from '../core/stream.ts';
import { type Progress, type Transport, TransportError } from '../core/transport.ts';
import { grantedCapabilities, notGranted } from './debug-pod/capabilities.ts';
import { silenceJudge, whyEarly } from './debug-pod/early-end.ts';
import type { Fault } from './debug-pod/fault.ts';
import { createKeeper, type KeeperOptions, slackSeconds } from './debug-pod/keeper.ts';
import { followLog, wholeLog } from './debug-pod/log.ts';
import { graceSeconds } from './debug-pod/pod.ts';
import { createVigil } from './debug-pod/vigil.ts';
import { whenAborted } from './debug-pod/when-aborted.ts';

/** How the user wants the debug pod. */
export interface DebugPodOptions extends Omit<KeeperOptions, 'graceSeconds'> {
  readonly rights: Rights;
  /** Unguessable letters and digits; marks the frames. */
  readonly nonce: string;
  readonly windowSeconds: number;
  readonly vars: Readonly<Record<string, string>>;
}

/** Understands the program's output; see collector/decode.ts. */
type Decode = (
  chunks: AsyncIterable<string>,
  reads: readonly NodeRead[],
  nonce: string,
) => AsyncGenerator<readonly [NodeRead, Raw], { readonly complete: boolean }>;

/** What a debug pod is made of. */
export interface DebugPodParts {
  readonly api: KubeApi;
  readonly node: string;
  readonly options: DebugPodOptions;
  readonly writeProgram: WriteProgram;
  readonly decode: Decode;
  readonly onProgress?: (progress: Progress) => void;
  /** Sees the stream as it comes (for --save). */
  readonly onChunk?: (text: string) => void;
  /** Told the command that deletes the pod as soon as there may be one, and null when it is deleted. */
  readonly onLeftBehind?: (deleteCommand: string | null) => void;
}

const withReason = (raw: Raw, why: string): Raw =>
  !raw.ok && (raw.gap.kind === 'truncated' || raw.gap.kind === 'not-collected')
    ? missing('truncated', `${raw.gap.detail}: ${why}`)
    : raw;

/**
 * Reads by a short-lived pod on the node: creates it, follows its log, deletes it. {@link Transport.fetch} throws
 * {@link TransportError} when the pod is refused or does not start, with what to do about it. Disposal deletes the pod in every
 * ending, in at most fifteen seconds, and does not wait until it is gone; if it cannot, a note says how to.
 */
export const createDebugPod = (parts: DebugPodParts): Transport<NodeRead> => {
  const { api, node, options: o } = parts;
  const ended = new AbortController();
  const keeper = createKeeper({ ...parts, options: { ...o, graceSeconds } });

  async function* fetch(reads: readonly NodeRead[], user: AbortSignal): AsyncGenerator<readonly [NodeRead, Raw], void> {
    const signal = AbortSignal.any([user, ended.signal]);
    const granted = grantedCapabilities(o.rights, reads);
    const chosen: NodeRead[] = [];
    for (const read of reads) {
      const why = notGranted(read, o.rights, granted);
      if (why === null) chosen.push(read);
      else yield [read, missing('not-chosen', why)];
    }
    if (chosen.length === 0) return;
    const program = parts.writeProgram(chosen, { ...o, hostRoot: '/host' });
    const { pod, log: opened } = await keeper.start(program, grantedCapabilities(o.rights, chosen), 'reading', signal);

    const cut = whenAborted(signal).then((): never => {
      throw signal.reason;
    });
    cut.catch(() => undefined);
    let answered = 0;
    const over = new AbortController();
    const reading = AbortSignal.any([signal, over.signal]);
    const limit = o.deadlineSeconds + slackSeconds;
    const tooLate = sleep(limit * 1000, undefined, { signal: reading }).then(
      (): Fault => ({ by: 'pod', text: `no end within ${limit} s` }),
    );
    const whose = { api, pod, node, signal: reading };
    const vigil = createVigil(silenceJudge(whose), reading);
    const vain = Promise.race([tooLate, vigil.fault]);
    vain.catch(() => undefined);
    async function* text(): AsyncGenerator<string, void> {
      const log = wholeLog(opened, {
        reopen: () => followLog(api, pod, reading),
        onTrouble: (why) => parts.onProgress?.({ kind: 'stage', text: `reading ${node}: ${why}; trying again` }),
        signal: reading,
      });
      let failure: Error | null = null;
      try {
        for (;;) {
          const next = await Promise.race([log.next(), vain]);
          if ('by' in next) {
            keeper.fault = next;
            break;
          }
          if (next.done) {
            failure = next.value;
            break;
          }
          vigil.heard();
          parts.onChunk?.(next.value);
          yield next.value;
        }
      } finally {
        void log.return(null).catch(() => undefined);
      }
      signal.throwIfAborted();
      keeper.fault ??= await whyEarly(whose, failure);
      if (answered > 0) {
        const lost = `the reading of ${node} ended early, what had not come by then is unknown: ${keeper.fault.text}`;
        parts.onProgress?.({ kind: 'note', text: lost });
      }
    }
    const answers = parts.decode(text(), chosen, o.nonce);
    try {
      for (;;) {
        const next = await Promise.race([answers.next(), cut]);
        if (next.done) break;
        const [read, raw] = next.value;
        const why = keeper.fault;
        if (why === null) answered++;
        else if (answered === 0) throw new TransportError(`nothing could be read on ${node}: ${why.text}`);
        yield [read, why === null ? raw : withReason(raw, why.text)];
      }
    } finally {
      over.abort(new TransportError('the reading is over'));
      void keeper.remove();
    }
  }

  return {
    id: 'debug-pod',
    fetch,
    [Symbol.asyncDispose]: async () => {
      ended.abort(new TransportError('the debug pod is being deleted'));
      await keeper.remove();
    },
  };
};

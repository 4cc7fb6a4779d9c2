import type { Reading } from '../../core/gap.ts';
import type { PodContainer } from '../../facts/workloads/subjects.ts';
import { imageDigest } from '../../lib/image-digest.ts';

/** The signal that the runtime sends to stop a container. */
export interface StopSignal {
  /** "SIGTERM". */
  readonly name: string;
  readonly number: number;
  /** Where that was seen. */
  readonly source: string;
  /** False: nothing said which it is, and SIGTERM is the default. */
  readonly known: boolean;
}

const numbers: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  POLL: 29,
  PWR: 30,
  SYS: 31,
  RTMIN: 34,
  RTMAX: 64,
};

/** "SIGQUIT", "QUIT", "3", "SIGRTMIN+3" (Linux, x86 and arm) → number and name; null for what is none. */
const signalOf = (text: string): { readonly name: string; readonly number: number } | null => {
  if (/^\d{1,2}$/.test(text)) {
    const number = Number(text);
    const name = Object.entries(numbers).find(([, n]) => n === number)?.[0];
    return number > 0 && number <= 64 ? { name: name === undefined ? text : `SIG${name}`, number } : null;
  }
  const [, name = '', sign, offset] = /^(?:SIG)?([A-Z0-9]+?)(?:([+-])(\d{1,2}))?$/i.exec(text) ?? [];
  const base = numbers[name.toUpperCase()];
  if (base === undefined) return null;
  const number = base + (offset === undefined ? 0 : Number(`${sign}${offset}`));
  // only real-time signals are counted from others
  if (offset !== undefined && (base < 34 || number < 34 || number > 64)) return null;
  return { name: `SIG${name.toUpperCase()}${offset === undefined ? '' : `${sign}${offset}`}`, number };
};

/**
 * lifecycle.stopSignal of the spec, what the kubelet reports as effective, STOPSIGNAL of the image, SIGTERM: in this order (facts K.2). Where
 * the image could not be asked it is SIGTERM and not `known`.
 */
export const stopSignalOf = (c: PodContainer, ofImages: Reading<ReadonlyMap<string, string>>): StopSignal => {
  const digest = imageDigest(c.status?.imageId ?? '');
  const ofImage = ofImages.ok && digest !== null ? ofImages.value.get(digest) : undefined;
  const candidates: readonly (readonly [text: string | null | undefined, source: string])[] = [
    [c.stopSignal, 'lifecycle.stopSignal'],
    [c.status?.stopSignal, 'status.containerStatuses[].stopSignal'],
    [ofImage, 'STOPSIGNAL of the image'],
  ];
  for (const [text, source] of candidates) {
    const signal = text ? signalOf(text) : null;
    if (signal) return { ...signal, source, known: true };
  }
  return {
    name: 'SIGTERM',
    number: 15,
    source: ofImage === '' ? 'the default, since the image has no STOPSIGNAL' : 'assumed, since the image was not read',
    known: ofImage === '',
  };
};

/** Other signals that images name as STOPSIGNAL: HUP, INT, QUIT, USR1, USR2, WINCH, PWR, RTMIN+3. */
const usual = [1, 2, 3, 10, 12, 28, 30, 37];

/** Where the image's stop signal is not known: whether the process handles another one that may be it. `always`: what programs of its kind catch in any case. */
export const handlesAnother = (
  p: { readonly caught: bigint; readonly blocked: bigint },
  always: readonly number[] = [],
): boolean => usual.some((n) => !always.includes(n) && (inMask(p.caught, n) || inMask(p.blocked, n)));

/** What to say beside a verdict on a signal that is only assumed, in brackets; else nothing. */
export const assumed = (signal: StopSignal): string =>
  signal.known ? '' : ` (${signal.name} is assumed: the image's STOPSIGNAL could not be read)`;

/** Whether the signal is in a mask of /proc/PID/status: bit n-1 for signal n. */
export const inMask = (mask: bigint, signal: number): boolean => ((mask >> BigInt(signal - 1)) & 1n) === 1n;

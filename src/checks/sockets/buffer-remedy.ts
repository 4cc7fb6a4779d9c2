import type { Remedy } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { SocketMemory } from '../../facts/kernel/socket-memory.ts';

const file = '/etc/sysctl.d/99-z-netdoctor-socket-buffers.conf';
const mebibyte = 1_048_576;
const nested = ' This node is a container itself: they are to be set on the machine that it runs on.';

/** A buffer that drops is full to within a datagram of its size (measured: 212480 of 212992). */
const sizeText = (full: number, present: number, option: string, key: string): string => {
  if (full > present * 1.1)
    return ` This one is larger than the default, so its program asked for it: ${key} does not matter to it.`;
  if (full > present * 0.9) return ` This one has the default size, so ${key} or ${option} helps.`;
  return '';
};

/**
 * net.core.{r,w}mem_{default,max} are of the whole machine, pods included; a network namespace shows them read-only since 6.11 and not at all before
 * (measured on 6.18 and 6.1). `fullBytes`: what a full buffer held, which tells whether its size is the default.
 */
export const bufferRemedy = (
  way: 'receive' | 'send',
  memory: Reading<SocketMemory>,
  fullBytes: number | null,
): Remedy => {
  const [letter, option] = way === 'receive' ? ['r', 'SO_RCVBUF'] : ['w', 'SO_SNDBUF'];
  const keys = [`net.core.${letter}mem_default`, `net.core.${letter}mem_max`] as const;
  const now = memory.ok ? memory.value : null;
  const [present, most] =
    way === 'receive'
      ? [now?.receiveDefaultBytes ?? null, now?.receiveMaxBytes ?? null]
      : [now?.sendDefaultBytes ?? null, now?.sendMaxBytes ?? null];
  const size = present !== null && fullBytes !== null ? sizeText(fullBytes, present, option, keys[0]) : '';
  const shown = present === null || most === null ? '' : ` (now ${present} and ${most} bytes)`;
  const inContainer = now !== null && now.tcpPages === null;
  const known = present !== null && most !== null && !inContainer;
  const [larger, largest] = [Math.max(mebibyte, present ?? 0), Math.max(8 * mebibyte, most ?? 0)];
  const values = [`${keys[0]}=${larger}`, `${keys[1]}=${largest}`];
  return {
    say:
      `${way === 'receive' ? 'If it comes in bursts' : 'If it goes out in bursts'}, a larger buffer helps: ${keys[0]} is what a socket gets that does not ask, ${keys[1]} the most ` +
      `that it gets by ${option}${shown}.${size} A program that asks for little gets little, whatever they are. Both are of the whole machine, its pods included, and are taken ` +
      `when the socket is made: restart the program.${inContainer ? nested : ''}`,
    ...(known
      ? {
          now: [`sysctl -w ${values.join(' ')}`],
          persist: { file, content: values.map((v) => `${v.replace('=', ' = ')}\n`).join('') },
        }
      : {}),
    risk: 'disruptive',
    covers:
      way === 'receive'
        ? 'A program that reads more slowly than it is sent to: there only a faster one helps, or several sockets (SO_REUSEPORT).'
        : 'A queue of the interface that drops (tc -s qdisc), and a link that is too slow.',
  };
};

import { hexBytes } from './hex.ts';
import { ipFromBytes } from './ip.ts';

/** An address of /proc/net/{tcp,udp}: 32-bit words in the byte order of the machine (facts E); null if it is none. */
export const procNetAddress = (hex: string, littleEndian: boolean): string | null => {
  const bytes = hexBytes(hex);
  if (!bytes) return null;
  const words: number[][] = [];
  for (let i = 0; i < bytes.length; i += 4) words.push(bytes.slice(i, i + 4));
  return ipFromBytes(words.flatMap((w) => (littleEndian ? w.reverse() : w)));
};

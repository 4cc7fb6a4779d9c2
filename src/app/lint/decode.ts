import { type Buffer, isUtf8 } from 'node:buffer';

/** A text, or the line on which it is none. */
export type Decoded = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly line: number };

const firstWrongLine = (bytes: Buffer): number => {
  let line = 1;
  for (let from = 0; ; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return line;
    from = end + 1;
  }
};

/** UTF-8, or UTF-16 with a byte order mark, as kubectl takes it (Windows tools write it). */
export const decode = (bytes: Buffer): Decoded => {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { ok: true, text: new TextDecoder('utf-16le').decode(bytes) };
  if (first === 0xfe && second === 0xff) return { ok: true, text: new TextDecoder('utf-16be').decode(bytes) };
  return isUtf8(bytes) ? { ok: true, text: bytes.toString('utf8') } : { ok: false, line: firstWrongLine(bytes) };
};

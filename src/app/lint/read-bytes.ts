import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';

/** Nobody writes by hand, and few tools, what is larger; a program that reads on and on would be worse. */
const mostBytes = 64 * 1024 * 1024;
const chunkBytes = 64 * 1024;

/** A file or a pipe is too large. */
class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

const joined = (chunks: readonly Uint8Array[], length: number): Buffer => {
  if (length > mostBytes) throw new TooLarge(`larger than ${mostBytes / 1024 / 1024} MiB`);
  return Buffer.concat(chunks, length);
};

const readFile = (path: string): Buffer => {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    while (length <= mostBytes) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const n = readSync(file, chunk);
      if (n === 0) break;
      chunks.push(chunk.subarray(0, n));
      length += n;
    }
    return joined(chunks, length);
  } finally {
    closeSync(file);
  }
};

const readAll = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBytes) break;
  }
  return joined(chunks, length);
};

/** What is in a file, or comes in by standard input ("-"). Throws what the system does, and for what is larger than 64 MiB. */
export const readBytes = async (path: string, stdin: () => AsyncIterable<Uint8Array>): Promise<Buffer> =>
  path === '-' ? await readAll(stdin()) : readFile(path);

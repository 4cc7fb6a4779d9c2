import type { Output } from './streams.ts';

/** The reader went away (`| head`), or the terminal did. */
const gone = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/** Writes and waits until it is out. That nobody reads any more is the end of output, no error (`onGone` is called then); a full disk is one. */
export const write = (stream: Output, text: string, onGone: () => void = () => {}): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(text, (error?: NodeJS.ErrnoException | null) => {
      if (error && !gone.has(error.code ?? '')) return reject(new Error(`cannot write the output: ${error.message}`));
      if (error) onGone();
      resolve();
    });
  });

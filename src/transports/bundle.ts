import { type FileHandle, open, unlink } from 'node:fs/promises';
import { missing } from '../core/gap.ts';
import type { NodeRead, Raw, Read } from '../core/read.ts';
import { type Transport, TransportError } from '../core/transport.ts';
import { type Manifest, manifestOf } from './bundle/manifest.ts';
import { decode, helloOf } from './collector/decode.ts';

/**
 * The longest bundle that is read, in bytes. It is held as text, as values and as what is made of them at once, and all of netdoctor is to
 * stay below 256 MiB. Usual ones have some kilobytes, those of the largest clusters what is kept of the API's answers.
 */
const bundleLimitBytes = 32 * 1_048_576;

/** A bundle: the manifest, if there is one, and what the node sent. */
export interface Bundle {
  readonly manifest: Manifest | null;
  readonly stream: string;
  /** The node's host name as the stream's first line has it; null if that does not say. */
  readonly hostName: string | null;
}

const hostNameOf = (stream: string): string | null => {
  for (const [line] of stream.matchAll(/^@.*$/gm)) {
    const hello = helloOf(line.trimEnd(), null);
    if (hello) return hello.hostName || null;
  }
  return null;
};

/** A bundle that is being made. */
export interface NewBundle {
  /** Writes it and closes the file. Throws {@link TransportError} where the disk does not take it. */
  write(manifest: Manifest, stream: string): Promise<void>;
  /** There is nothing to write: the file goes. */
  discard(): Promise<void>;
}

const reason = (error: unknown): string => {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return 'it exists already';
  return error instanceof Error ? error.message : String(error);
};

/** Makes the file of a bundle, that only its owner may read. Throws {@link TransportError} where it cannot be made; never overwrites one. */
export const createBundle = async (path: string): Promise<NewBundle> => {
  const failed = (error: unknown): TransportError =>
    new TransportError(`Cannot save the bundle ${path}: ${reason(error)}.`);
  let file: FileHandle;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (error) {
    throw failed(error);
  }
  return {
    write: async (manifest, stream) => {
      try {
        // apart, since one text of both would be a copy of all
        await file.writeFile(JSON.stringify(manifest));
        await file.writeFile(`\n`);
        await file.writeFile(stream);
      } catch (error) {
        throw failed(error);
      } finally {
        await file.close();
      }
    },
    discard: async () => {
      await file.close();
      await unlink(path);
    },
  };
};

/** The first line of a bundle that begins with a manifest, and everything else. */
interface Parts {
  readonly manifest: string;
  readonly stream: string;
}

const partsOf = async (path: string): Promise<Parts> => {
  await using file = await open(path);
  const decoder = new TextDecoder();
  let [manifest, stream] = ['', ''];
  let inManifest: boolean | null = null;
  let left = bundleLimitBytes;
  // a pipe has no size: it is known to be too long only once it was read so far
  for await (const piece of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    left -= piece.length;
    if (left < 0)
      throw new TransportError(
        `${path} is too large for a netdoctor bundle: it has more than ${bundleLimitBytes / 1_048_576} MiB.`,
      );
    const text = decoder.decode(piece, { stream: true });
    inManifest ??= text === '' ? null : text.startsWith('{');
    const end = inManifest === true ? text.indexOf('\n') : -1;
    if (end >= 0) {
      inManifest = false;
      manifest += text.slice(0, end);
      stream += text.slice(end + 1);
    } else if (inManifest === true) manifest += text;
    else stream += text;
  }
  return { manifest, stream };
};

/** Reads a bundle; throws {@link TransportError} if it is none, cannot be read or is too large. */
export const openBundle = async (path: string): Promise<Bundle> => {
  const { manifest: text, stream } = await partsOf(path).catch((error: unknown): never => {
    if (error instanceof TransportError) throw error;
    throw new TransportError(
      `Cannot read the bundle ${path}: ${error instanceof Error ? error.message : String(error)}.`,
    );
  });
  if (text === '') {
    if (!/^@[A-Za-z0-9]{16,} H netdoctor-stream 1 /m.test(stream))
      throw new TransportError(`${path} is no netdoctor bundle: it holds no collector stream.`);
    return { manifest: null, stream, hostName: hostNameOf(stream) };
  }
  try {
    const manifest = manifestOf(JSON.parse(text));
    if (manifest) return { manifest, stream, hostName: hostNameOf(stream) };
  } catch {}
  throw new TransportError(`${path} is no netdoctor bundle of a version that this netdoctor reads.`);
};

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** Answers reads from a bundle. What a newer netdoctor wants and an old bundle lacks is told as not collected. */
export const bundleTransport = (bundle: Bundle): Transport<Read> => ({
  id: 'bundle',
  async *fetch(reads: readonly Read[]): AsyncGenerator<readonly [Read, Raw]> {
    const stored = new Map(Object.entries(bundle.manifest?.raws ?? {}));
    const inStream: NodeRead[] = [];
    for (const r of reads) {
      const raw = stored.get(r.id);
      if (raw) yield [r, raw];
      else if (r.kind !== 'kube') inStream.push(r);
      else if (bundle.manifest) yield [r, missing('not-collected', 'the bundle does not hold it')];
      else yield [r, missing('not-chosen', 'the Kubernetes API was not asked (the bundle is of --emit-collector)')];
    }
    yield* decode(once(bundle.stream), inStream, null);
  },
  [Symbol.asyncDispose]: async () => {},
});

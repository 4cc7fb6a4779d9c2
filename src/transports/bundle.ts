import { type FileHandle, open, readFile } from 'node:fs/promises';
import { missing } from '../core/gap.ts';
import type { NodeRead, Raw, Read } from '../core/read.ts';
import type { Report } from '../core/report.ts';
import { type Transport, TransportError } from '../core/transport.ts';
import { decode, helloOf } from './collector/decode.ts';

/** What stands before the stream in a saved bundle; a bundle of --emit-collector has none. */
export interface Manifest {
  readonly netdoctorBundle: 1;
  readonly version: string;
  readonly node: string;
  readonly startedAt: string;
  readonly context: Report['context'];
  /** Answers that are not in the stream: the API's (reduced to what probes keep) and reads that the rights did not allow. */
  readonly raws: Readonly<Record<string, Raw>>;
}

/** A bundle: the manifest, if there is one, and what the node sent. */
export interface Bundle {
  readonly manifest: Manifest | null;
  readonly stream: string;
  /** The node's host name as the stream's first line has it; null if that does not say. */
  readonly hostName: string | null;
}

const hostNameOf = (stream: string): string | null => {
  for (const line of stream.split(/\r?\n/)) {
    const hello = helloOf(line, null);
    if (hello) return hello.hostName || null;
  }
  return null;
};

/** Writes a bundle that only its owner may read. Throws {@link TransportError} where the file cannot be made; never overwrites one. */
export const saveBundle = async (path: string, manifest: Manifest, stream: string): Promise<void> => {
  let file: FileHandle;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'EEXIST' ? 'it exists already' : String(error);
    throw new TransportError(`Cannot save the bundle ${path}: ${why}.`);
  }
  try {
    await file.writeFile(`${JSON.stringify(manifest)}\n${stream}`);
  } finally {
    await file.close();
  }
};

const isManifest = (value: unknown): value is Manifest =>
  typeof value === 'object' &&
  value !== null &&
  'netdoctorBundle' in value &&
  value.netdoctorBundle === 1 &&
  'raws' in value &&
  typeof value.raws === 'object';

/** Reads a bundle; throws {@link TransportError} if it is none. */
export const openBundle = async (path: string): Promise<Bundle> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new TransportError(
      `Cannot read the bundle ${path}: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  if (!text.startsWith('{')) {
    if (!/^@[A-Za-z0-9]{16,} H netdoctor-stream 1 /m.test(text))
      throw new TransportError(`${path} is no netdoctor bundle: it holds no collector stream.`);
    return { manifest: null, stream: text, hostName: hostNameOf(text) };
  }
  const end = text.indexOf('\n');
  try {
    const manifest: unknown = JSON.parse(text.slice(0, end));
    const stream = text.slice(end + 1);
    if (isManifest(manifest)) return { manifest, stream, hostName: hostNameOf(stream) };
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

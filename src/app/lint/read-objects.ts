import { parseManifest } from '../../parsers/manifest.ts';
import { decode } from './decode.ts';
import type { Fault } from './fault.ts';
import { findFiles } from './find-files.ts';
import type { ManifestObject } from './manifest-object.ts';
import { objectsOf } from './objects-of.ts';
import { readBytes } from './read-bytes.ts';
import { whyNot } from './why-not.ts';

/** What is read, and how. */
export interface ObjectsRequest {
  /** Files, directories, "-". */
  readonly paths: readonly string[];
  readonly recursive: boolean;
  /** Of objects that name none. */
  readonly namespace: string;
}

/** All objects of the files, and what stands in the way of others. */
export interface FoundObjects {
  readonly objects: readonly ManifestObject[];
  readonly faults: readonly Fault[];
}

const helm = 'It looks like a template of Helm: pipe what `helm template` makes of the chart into `lint -f -`.';

const parse = (file: string, bytes: Buffer, namespace: string): FoundObjects => {
  const fault = (line: number | null, message: string): FoundObjects => ({
    objects: [],
    faults: [{ file, line, message }],
  });
  const decoded = decode(bytes);
  if (!decoded.ok) return fault(decoded.line, 'not UTF-8 text');
  const parsed = parseManifest(decoded.text);
  if (!parsed.ok)
    return fault(parsed.line, /\{\{.*\}\}/.test(decoded.text) ? `${parsed.message}\n${helm}` : parsed.message);
  const all = parsed.documents.map((document) => objectsOf(file, document, namespace));
  return { objects: all.flatMap((o) => o.objects), faults: all.flatMap((o) => o.faults) };
};

/** Reads manifests. What is wrong with one file keeps nothing from the others. */
export const readObjects = async (
  { paths, recursive, namespace }: ObjectsRequest,
  stdin: () => AsyncIterable<Uint8Array>,
): Promise<FoundObjects> => {
  const objects: ManifestObject[] = [];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const { path, message } of paths.flatMap((p) => findFiles(p, recursive))) {
    if (seen.has(path)) continue;
    seen.add(path);
    if (message !== null) {
      faults.push({ file: path, line: null, message });
      continue;
    }
    try {
      const found = parse(path, await readBytes(path, stdin), namespace);
      objects.push(...found.objects);
      faults.push(...found.faults);
    } catch (error) {
      faults.push({ file: path, line: null, message: whyNot(error) });
    }
  }
  return { objects, faults };
};

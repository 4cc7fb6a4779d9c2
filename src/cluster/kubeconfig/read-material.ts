import type { Material } from './entries.ts';
import { KubeconfigError } from './error.ts';
import { goWords } from './go-words.ts';

/** Reads a file as UTF-8; throws Node's errors. */
export type ReadFile = (path: string) => string;

/** The PEM text of a certificate or key, or null; `what` and `owner` name it in kubectl's error. */
export const readMaterial = (m: Material, what: string, owner: string, read: ReadFile): string | null => {
  if (m.data !== null) return Buffer.from(m.data, 'base64').toString('utf8');
  if (m.file === null) return null;
  try {
    return read(m.file);
  } catch (error) {
    throw new KubeconfigError(`unable to read ${what} ${m.file} for ${owner} due to ${goWords(error, m.file)}`);
  }
};

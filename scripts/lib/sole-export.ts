import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The one thing that a file exports, and its name; throws where there are more or none. */
export const soleExport = async (root: string, file: string): Promise<readonly [name: string, value: unknown]> => {
  const exports = Object.entries((await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>);
  const [only] = exports;
  if (!only || exports.length > 1)
    throw new Error(
      `${file} must export one thing; it exports ${exports.map(([name]) => name).join(', ') || 'nothing'}`,
    );
  return only;
};

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const script = join(import.meta.dirname, '../../lab/images/import');

/** Puts the rows' images on a node of the lab. */
export const importImages = async (node: string): Promise<void> => {
  await promisify(execFile)(script, [node], { timeout: 300_000 });
};

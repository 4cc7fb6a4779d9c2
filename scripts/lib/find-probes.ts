import { globSync } from 'node:fs';
import type { AnyProbe } from '../../src/core/probe.ts';
import { soleExport } from './sole-export.ts';

/** A probe and where it stands. */
export interface FoundProbe {
  readonly file: string;
  readonly name: string;
  readonly probe: AnyProbe;
}

/** What the API says comes first, then by name. */
const rank = (file: string): string => file.replace(/\.kube\.ts$/, '.\0.ts');

const isProbe = (value: unknown): value is AnyProbe =>
  typeof value === 'object' && value !== null && 'yields' in value && 'parse' in value;

/**
 * All probes: src/probes/<area>/<fact>.<via>.ts. Where several yield one fact the order is by `via`, but `kube` first.
 * Other files there are helpers.
 */
export const findProbes = async (root: string): Promise<readonly FoundProbe[]> => {
  const found: FoundProbe[] = [];
  const files = globSync('src/probes/*/*.*.ts', { cwd: root });
  for (const file of files.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))) {
    const [name, probe] = await soleExport(root, file);
    if (!isProbe(probe)) throw new Error(`${file} must export a probe`);
    const fact = file.slice('src/probes/'.length).replace(/\.[^./]+\.ts$/, '');
    if (probe.yields.id !== fact) throw new Error(`${file} must yield the fact "${fact}", not "${probe.yields.id}"`);
    found.push({ file, name, probe });
  }
  return found;
};

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Fact } from '../../src/core/fact.ts';

const isFact = (value: unknown): value is Fact<unknown> =>
  typeof value === 'object' && value !== null && 'about' in value && 'scope' in value;

/** The one fact that a file of src/facts exports. */
export const soleFact = async (root: string, file: string): Promise<Fact<unknown>> => {
  const facts = Object.values((await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>).filter(
    isFact,
  );
  const [only] = facts;
  if (!only || facts.length > 1) throw new Error(`${file} must export one fact`);
  return only;
};

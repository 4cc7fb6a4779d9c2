import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyCheck } from '../../src/core/check.ts';
import { camelCase } from './camel-case.ts';

/** A check and where it stands. */
export interface FoundCheck {
  readonly file: string;
  readonly name: string;
  readonly check: AnyCheck;
}

const isCheck = (value: unknown): value is AnyCheck => typeof value === 'object' && value !== null && 'judge' in value;

/** All checks under src/checks, by id. A file beside them that exports no check is a helper. */
export const findChecks = async (root: string): Promise<readonly FoundCheck[]> => {
  const found: FoundCheck[] = [];
  for (const file of globSync('src/checks/*/*.ts', { cwd: root }).sort()) {
    const exports = Object.entries((await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>);
    const checks = exports.filter((e): e is [string, AnyCheck] => isCheck(e[1]));
    const [only] = checks;
    if (!only) continue;
    if (exports.length > 1)
      throw new Error(
        `${file} has a check and must export nothing else; it exports ${exports.map(([name]) => name).join(', ')}`,
      );
    const [name, check] = only;
    const id = file.slice('src/checks/'.length, -'.ts'.length);
    if (check.id !== id) throw new Error(`${file}: the id must be "${id}", not "${check.id}"`);
    const right = camelCase(id.slice(id.indexOf('/') + 1));
    if (name !== right) throw new Error(`${file}: the check must be exported as ${right}, not ${name}`);
    found.push({ file, name, check });
  }
  return found;
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
const packages = Object.entries(lock.packages);

describe('package-lock.json', () => {
  it('names the packages of every platform, without which npm ci fails on the others', () => {
    const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !lock.packages[`${path && `${path}/`}node_modules/${name}`] && !lock.packages[`node_modules/${name}`],
      ),
    );
    expect(missing).toEqual([]);
  });

  it('has a sum for every package', () => {
    expect(
      packages.filter(([path, p]) => path !== '' && !/^sha512-/.test(p.integrity ?? '')).map(([path]) => path),
    ).toEqual([]);
  });

  it('leaves the registry to the one who installs', () => {
    expect(packages.filter(([, p]) => p.resolved).map(([path]) => path)).toEqual([]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package whose code is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** Its licence and notice files, whole. */
  readonly texts: readonly string[];
  /** Below the checkout, as package-lock.json names it. */
  readonly path: string;
}

const isNotice = (file: string): boolean => /^(licen[cs]e|copying|notice)/i.test(file);

/** The packages that these sources are of, sorted by name. One that does not say its licence is a fault: it could not be shipped. */
export const bundledPackages = (root: string, sources: readonly string[]): readonly BundledPackage[] => {
  const folders = new Set(sources.flatMap((source) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? []));
  return [...folders]
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        readonly [key in 'name' | 'version' | 'license']?: unknown;
      };
      if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string')
        throw new Error(`${folder}/package.json lacks a name, a version or a license`);
      const texts = readdirSync(folder)
        .filter(isNotice)
        .sort()
        .map((file) => readFileSync(join(folder, file), 'utf8').trim());
      return { name, version, license, texts, path: folder.slice(root.length + 1) };
    })
    .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
};

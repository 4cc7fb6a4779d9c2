import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { whyNot } from './why-not.ts';

/** A path to read, or why there is none. */
export type FoundFile = { readonly path: string; readonly message: string | null };

const endings = /\.(json|ya?ml)$/;

const isFile = (path: string, entry: Dirent): boolean => {
  if (!entry.isSymbolicLink()) return entry.isFile();
  // a link that leads nowhere is read all the same, and told
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined || stat.isFile();
};

const inDirectory = (directory: string, recursive: boolean): readonly FoundFile[] => {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    return [{ path: directory, message: whyNot(error) }];
  }
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): readonly FoundFile[] => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return recursive ? inDirectory(path, recursive) : [];
      return endings.test(entry.name) && isFile(path, entry) ? [{ path, message: null }] : [];
    });
};

/**
 * The files of a path, as kubectl finds them: the path itself, whatever its name, or the .yaml, .yml and .json files of a directory, in order
 * of their names; links to directories are not followed.
 */
export const findFiles = (path: string, recursive: boolean): readonly FoundFile[] => {
  if (path === '-') return [{ path, message: null }];
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch (error) {
    return [{ path, message: whyNot(error) }];
  }
  if (!isDirectory) return [{ path, message: null }];
  const files = inDirectory(path, recursive);
  if (files.length > 0) return files;
  const where = recursive
    ? 'in this directory and those below it'
    : 'in this directory (-R looks in those below it too)';
  return [{ path, message: `no .yaml, .yml or .json file ${where}` }];
};

import { readFileSync } from 'node:fs';
import type { ReadFile } from './read-material.ts';

/** Reads a file as UTF-8. Throws as Node does. */
export const readTextFile: ReadFile = (path) => readFileSync(path, 'utf8');

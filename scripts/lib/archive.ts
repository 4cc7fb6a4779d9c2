import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { create } from 'tar';
import { ZipFile } from 'yazl';

/** All that is in a folder, with folders before what is in them; always in the same order. */
const entries = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

/** A zip file knows no time zone: the date whose local time is this one's UTC. */
const asLocal = (d: Date): Date =>
  new Date(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds());

const zip = async (folder: string, file: string, mtime: Date): Promise<void> => {
  const archive = new ZipFile();
  for (const name of entries(folder)) {
    const stat = statSync(join(folder, name));
    const options = { mtime: asLocal(mtime), mode: stat.mode, forceDosTimestamp: true };
    if (stat.isDirectory()) archive.addEmptyDirectory(name, options);
    else archive.addFile(join(folder, name), name, options);
  }
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(file));
};

/** By gzip itself: what zlib makes depends on the processor, and is larger. `-n`: without name and time. */
const tarGz = async (folder: string, file: string, mtime: Date): Promise<void> => {
  const gzip = spawn('gzip', ['-n'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [[code]] = await Promise.all([
    once(gzip, 'close'),
    pipeline(create({ portable: true, mtime, cwd: folder, noDirRecurse: true }, [...entries(folder)]), gzip.stdin),
    pipeline(gzip.stdout, createWriteStream(file)),
  ]);
  if (code !== 0) throw new Error(`gzip ended with ${code}`);
};

/** Packs a folder's content into a .zip or a .tar.gz, by the name of `file`. The same content gives the same bytes: one time for all, no owners, sorted. */
export const archive = (folder: string, file: string, mtime: Date): Promise<void> =>
  file.endsWith('.zip') ? zip(folder, file, mtime) : tarGz(folder, file, mtime);

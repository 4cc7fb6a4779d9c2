import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { extract, list } from 'tar';
import type { KrewManifest } from '../../scripts/lib/krew-faults.ts';

const license = /^(licen[cs]e(s.*|\.txt|\.md)?|copying(\.txt)?)$/i;

/** Why krew would not unpack an archive: it takes folders and regular files, and nothing that leads out (krew, internal/download/downloader.go). */
const refusals = async (archive: string): Promise<readonly string[]> => {
  const refused: string[] = [];
  await list({
    file: archive,
    onReadEntry: ({ path, type }) => {
      if (!['File', 'OldFile', 'Directory'].includes(type)) refused.push(`${path}: unable to handle ${type}`);
      if (path.startsWith('/') || path.includes('..')) refused.push(`${path}: leads out of the archive`);
    },
  });
  return refused;
};

/**
 * Installs a .tar.gz as krew does: compares the sum, unpacks into a store, looks for a licence, and makes one symlink. Gives the folder of the symlink, for
 * the PATH, and that of the plugin. krew itself is no package of a registry that the tests use.
 */
export const krewInstall = async (
  manifest: KrewManifest,
  platform: { readonly os: string; readonly arch: string },
  archive: string,
  into: string,
): Promise<{ readonly bin: string; readonly store: string }> => {
  const found = manifest.spec?.platforms?.find(
    (p) => p.selector?.matchLabels?.os === platform.os && p.selector.matchLabels.arch === platform.arch,
  );
  if (!found?.bin) throw new Error(`nothing for ${platform.os}/${platform.arch}`);
  const bytes = readFileSync(archive);
  const sum = createHash('sha256').update(bytes).digest('hex');
  if (sum !== found.sha256) throw new Error(`the sum is ${sum}, and not ${found.sha256}`);
  // by its content, whatever its name
  if (bytes.readUInt16BE(0) !== 0x1f8b) throw new Error('no gzip file');
  const refused = await refusals(archive);
  if (refused.length > 0) throw new Error(refused.join('\n'));
  const store = join(into, 'store', manifest.metadata?.name ?? '', manifest.spec?.version ?? '');
  mkdirSync(store, { recursive: true });
  await extract({ file: archive, cwd: store });
  if (!readdirSync(store).some((name) => license.test(name))) throw new Error('no licence');
  accessSync(join(store, found.bin), constants.X_OK);
  const bin = join(into, 'bin');
  mkdirSync(bin);
  symlinkSync(join(store, found.bin), join(bin, `kubectl-${manifest.metadata?.name}`));
  return { bin, store };
};

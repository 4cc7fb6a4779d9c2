import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { type KrewManifest, krewFaults } from './krew-faults.ts';

/** An archive as a manifest names it. */
export interface ReleasedArchive {
  readonly os: string;
  readonly arch: string;
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
}

const platformsOf = (manifest: Document): readonly YAMLMap[] => {
  const platforms = manifest.getIn(['spec', 'platforms']);
  if (!isSeq(platforms)) throw new Error('the manifest has no platforms');
  return platforms.items.filter(isMap);
};

/**
 * plugin.yaml with the address (below `base`) and the sum of each archive, without its first comment, and without the platforms that have none. Throws when it would break a rule of
 * krew, or lacks one of the archives.
 */
export const krewManifest = (template: string, base: string, archives: readonly ReleasedArchive[]): string => {
  const manifest = parseDocument(template.replace(/^(#.*\n)+/, ''));
  const platforms = platformsOf(manifest);
  const labels = ['selector', 'matchLabels'];
  const missing = archives.find(
    ({ os, arch }) =>
      !platforms.some((p) => p.getIn([...labels, 'os']) === os && p.getIn([...labels, 'arch']) === arch),
  );
  if (missing) throw new Error(`plugin.yaml has no platform ${missing.os}/${missing.arch}`);
  const filled = platforms.filter((platform) => {
    const found = archives.find(
      (a) => a.os === platform.getIn([...labels, 'os']) && a.arch === platform.getIn([...labels, 'arch']),
    );
    if (!found) return false;
    platform.set('uri', `${base.replace(/\/$/, '')}/${found.file}`);
    platform.set('sha256', found.sha256);
    return true;
  });
  manifest.setIn(['spec', 'platforms'], filled);
  const faults = [...krewFaults(manifest.toJS() as KrewManifest)];
  if (faults.length > 0) throw new Error(`krew would refuse the manifest:\n${faults.join('\n')}`);
  return manifest.toString({ lineWidth: 0 });
};

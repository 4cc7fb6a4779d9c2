/** A quick reader met what it does not understand: the whole is for the full YAML parser. Never leaves the parsers. */
export class ManifestRefused extends Error {
  override readonly name = 'ManifestRefused';
}

import { version } from '../app/version.ts';
import type { Host } from './host.ts';
import { UsageError } from './usage-error.ts';
import { write } from './write.ts';

/** As Go names systems and machines. */
const goNames: Readonly<Record<string, string>> = { win32: 'windows', x64: 'amd64', ia32: '386' };
const goName = (name: string): string => goNames[name] ?? name;

/** In the shape of `kubectl version --client -o json`. */
const clientVersion = {
  clientVersion: {
    gitVersion: `v${version}`,
    platform: `${goName(process.platform)}/${goName(process.arch)}`,
    nodeVersion: process.version,
  },
};

/** `netdoctor version`, also as JSON or YAML. Throws {@link UsageError} in kubectl's words for another format. */
export const versionCommand = async (
  format: string | undefined,
  { streams, deps }: Pick<Host, 'deps'> & { readonly streams: Pick<Host['streams'], 'stdout'> },
): Promise<number> => {
  if (format === undefined || format === '') {
    await write(streams.stdout, `netdoctor ${version}\n`);
    return 0;
  }
  if (format !== 'json' && format !== 'yaml') throw new UsageError("--output must be 'yaml' or 'json'");
  await write(streams.stdout, (await deps.data(format))(clientVersion));
  return 0;
};

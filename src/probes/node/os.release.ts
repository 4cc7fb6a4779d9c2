import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { file } from '../../core/read.ts';
import { nodeOs } from '../../facts/node/os.ts';

/** PRETTY_NAME of the host's os-release, without the API. */
export const osRelease = probe({
  yields: nodeOs,
  via: 'release',
  reads: { release: file('/etc/os-release') },
  parse: ({ release }) => {
    if (!release.ok) return release;
    const line = release.outputs[0].stdout.split('\n').find((l) => l.startsWith('PRETTY_NAME='));
    const name =
      line
        ?.slice('PRETTY_NAME='.length)
        .replace(/^(["'])(.*)\1\s*$/, '$2')
        .trim() ?? '';
    return name === ''
      ? missing('unparsable', '/etc/os-release has no PRETTY_NAME')
      : known({ name, source: '/etc/os-release' });
  },
});

import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { file } from '../../core/read.ts';
import { kernelRelease } from '../../facts/kernel/release.ts';

/** The kernel that really runs there. */
export const kernelReleaseProc = probe({
  yields: kernelRelease,
  via: 'proc',
  reads: { release: file('/proc/sys/kernel/osrelease') },
  parse: ({ release }) => {
    if (!release.ok) return release;
    const text = release.outputs[0].stdout.trim();
    return /^\d+\.\d+/.test(text) ? known(text) : missing('unparsable', `osrelease is "${text}"`);
  },
});

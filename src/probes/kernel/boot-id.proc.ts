import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { file } from '../../core/read.ts';
import { bootId } from '../../facts/kernel/boot-id.ts';

/** random(4): a UUID made at boot, the same in every namespace. */
export const bootIdProc = probe({
  yields: bootId,
  via: 'proc',
  reads: { id: file('/proc/sys/kernel/random/boot_id') },
  parse: ({ id }) => {
    if (!id.ok) return id;
    const text = id.outputs[0].stdout.trim();
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
      ? known(text)
      : missing('unparsable', 'boot_id is no UUID');
  },
});

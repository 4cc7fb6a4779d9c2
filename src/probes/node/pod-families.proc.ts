import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { file } from '../../core/read.ts';
import { podFamilies } from '../../facts/node/pod-families.ts';

/** Without the API: a node without a global IPv6 address (scope 00 in /proc/net/if_inet6) has no IPv6 pods. */
export const podFamiliesProc = probe({
  yields: podFamilies,
  via: 'proc',
  reads: { addresses: file('/proc/net/if_inet6') },
  parse: ({ addresses }) => {
    if (!addresses.ok) return addresses.gap.kind === 'absent' ? known(['ipv4']) : addresses;
    const lines = addresses.outputs[0].stdout.split('\n').filter((l) => l.trim() !== '');
    if (lines.some((l) => !/^[0-9a-f]{32} [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ +\S+$/.test(l.trim()))) {
      return missing('unparsable', 'a row of if_inet6 is not what it should be');
    }
    const global = lines.filter((l) => l.trim().split(/\s+/)[3] === '00');
    if (global.length === 0) return known(['ipv4']);
    return missing('not-chosen', "whether the node's pods have IPv6 is known to the API only, and it was not asked");
  },
});

import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { flowMemory } from '../../facts/ipvs/flow-memory.ts';
import { suspectsProc } from './suspects.proc.ts';

/** The script tells which source it had; kernels without CONFIG_NF_CONNTRACK_PROCFS have no file (facts B.1). */
export const flowMemoryProc = probe({
  yields: flowMemory,
  via: 'proc',
  reads: suspectsProc.reads,
  parse: ({ tables, sockets }) => {
    if (!tables.ok) return tables;
    if (!sockets.ok) return sockets;
    const texts = [...tables.outputs, ...sockets.outputs].map((o) => o.stdout);
    if (texts.some((t) => /^cut$/m.test(t))) {
      return missing(
        'truncated',
        'more connections have a source port with a virtual server than netdoctor takes: the rest was not seen',
      );
    }
    const m = /^conntrack (.+)$/m.exec(tables.outputs[0].stdout);
    if (m) return known({ source: m[1] ?? '' });
    return missing(
      'absent',
      'conntrack could not be read (neither /proc/net/nf_conntrack nor `conntrack -L`): connections that are over are not seen',
    );
  },
});

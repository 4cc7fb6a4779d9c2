import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { command } from '../../core/read.ts';
import { autobound } from '../../facts/sockets/autobound.ts';
import { parseSsRow } from '../../parsers/ss.ts';

/**
 * The kernel remembers whether a port was asked for: SOCK_BINDPORT_LOCK is not set after bind to port 0, and inet_diag can filter on
 * it (INET_DIAG_BC_AUTO, `ss … autobound`). Measured on 6.18 and 6.1 for TCP and UDP, IPv4 and IPv6.
 */
export const autoboundSs = probe({
  yields: autobound,
  via: 'ss',
  reads: { rows: command('ss-autobound', ['ss', '-Htuln', 'autobound'], { requires: ['SYS_CHROOT'] }) },
  parse: ({ rows }) => {
    if (!rows.ok) return rows;
    const lines = rows.outputs[0].stdout.split('\n').filter((l) => l.trim() !== '');
    const parsed = lines.flatMap((l) => parseSsRow(l) ?? []);
    if (parsed.length !== lines.length) return missing('unparsable', `ss printed "${lines[0]}"`);
    return known(new Set(parsed.map((r) => `${r.protocol} ${r.ip} ${r.port}`)));
  },
});

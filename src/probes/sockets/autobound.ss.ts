import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { command } from '../../core/read.ts';
import { autobound } from '../../facts/sockets/autobound.ts';
import { parseSsRow } from '../../parsers/ss.ts';

/**
 * The kernel remembers whether a port was asked for: SOCK_BINDPORT_LOCK is not set after bind to port 0, and inet_diag can filter on
 * it (INET_DIAG_BC_AUTO, `ss … autobound`). Measured on 6.18 and 6.1 for TCP and UDP, IPv4 and IPv6.
 *
 * A kernel without inet_diag makes ss read /proc/net instead, and there it calls every port of the ephemeral range autobound
 * (measured, iproute2 6.1). Only an answer by netlink has the socket's memory (`-m`), so a row without it is no evidence.
 */
export const autoboundSs = probe({
  yields: autobound,
  via: 'ss',
  reads: { rows: command('ss-autobound', ['ss', '-Htulnm', 'autobound'], { requires: ['SYS_CHROOT'] }) },
  parse: ({ rows }) => {
    if (!rows.ok) return rows;
    const found = new Set<string>();
    const lines = rows.outputs[0].stdout.split('\n').filter((l) => l.trim() !== '');
    for (const [i, line] of lines.entries()) {
      if (/^\s+skmem:/.test(line)) continue;
      const row = parseSsRow(line);
      if (!row) return missing('unparsable', `ss printed "${line}"`);
      if (!/\sskmem:\(/.test(`${line}\n${lines[i + 1] ?? ''}`)) {
        return missing(
          'unsupported',
          'ss got no answer from the kernel (no inet_diag) and guesses which sockets took their port themselves',
        );
      }
      found.add(`${row.protocol} ${row.ip} ${row.port}`);
    }
    return known(found);
  },
});

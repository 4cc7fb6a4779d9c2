import type { Problem } from '../../core/check.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { PortUse } from '../../facts/sockets/port-use.ts';
import { formatRanges } from '../../lib/port-ranges.ts';
import { podOf } from '../pod-of.ts';
import { podOfSpace } from '../pod-of-space.ts';
import { spaceText } from '../space-text.ts';
import type { Crowd } from './crowded.ts';
import type { PortFacts } from './ports-remedy.ts';
import { widenRemedy } from './widen-remedy.ts';

const byText = {
  read: 'as set there',
  spec: "as the pod's spec sets it",
  default: "assumed, the kernel's default: it was not read there",
  'not-default': 'assumed at most: many ports in use there lie outside of the default range',
} as const;

const refusals = {
  destination: 'connect() to it fails with EADDRNOTAVAIL ("Cannot assign requested address")',
  source: 'bind() fails with EADDRINUSE ("Address already in use"), whatever the destination',
  udp: 'connect() and sending from a new socket fail with EAGAIN',
} as const;

const end = (e: { readonly ip: string; readonly port: number }): string =>
  `${e.ip.includes(':') ? `[${e.ip}]` : e.ip}:${e.port}`;

const what = (c: Crowd): string => {
  if (c.destination) return `source ports from ${c.source} to ${end(c.destination)}`;
  return c.kind === 'source'
    ? `source ports of ${c.source}, each by one socket alone (bound before it connects)`
    : 'local ports of UDP sockets';
};

const consequence = (c: Crowd, bad: boolean): string => {
  if (c.taken >= c.supply.count) return `Now ${refusals[c.kind]}.`;
  if (bad) return `When the last is taken, ${refusals[c.kind]}.`;
  return c.kind === 'destination'
    ? `The half that connect() tries first is used up, so that each connect() searches longer; when the last is taken, it fails with EADDRNOTAVAIL.`
    : `When the last is taken, ${refusals[c.kind]}.`;
};

/** What to tell of source ports that run out; `others`: more of the same kind in that namespace, less full. */
export const crowdProblem = (
  c: Crowd,
  others: number,
  errorShare: number,
  spaces: readonly Space[],
  use: PortUse,
  f: PortFacts,
): Problem => {
  const space = spaces.find((s) => s.id === c.space);
  const { range, reserved, count, by } = c.supply;
  const bad = c.taken >= count * errorShare;
  const name = space ? podOfSpace(space, f.pods) : null;
  const pod = f.pods.ok ? f.pods.value.find((p) => `${p.namespace}/${p.name}` === name) : undefined;
  const owned = space?.host ? podOf(c.owner, f.pods) : null;
  const holder = c.owner ? `${c.owner.process}${owned ? ` of pod ${owned}` : ''}, pid ${c.owner.pid}` : null;
  const waiting = c.timeWait > 0 && c.kind !== 'udp' ? `, ${c.timeWait} of them in TIME_WAIT` : '';
  const shown = `${range.join('-')}${reserved.length > 0 ? ` without the reserved ${formatRanges(reserved)}` : ''}`;
  const procs = space && !space.host ? `/proc/${space.pid}/net` : '/proc/net';
  const who = spaceText(space, f.pods);
  return {
    id: c.kind,
    severity: bad ? 'error' : 'warning',
    message: `${who.charAt(0).toUpperCase()}${who.slice(1)}: ${c.taken} of ${count} ${what(c)} are taken${waiting}${holder ? `; ${holder}, holds most` : ''}. ${consequence(c, bad)} Range ${shown} (${byText[by]}).${others > 0 ? ` ${others} more there like it.` : ''}`,
    data: {
      kind: c.kind,
      pod: name,
      source: c.source,
      destination: c.destination,
      taken: c.taken,
      timeWait: c.timeWait,
      available: count,
      range,
      reserved,
      rangeKnownBy: by,
      process: c.owner?.process ?? null,
      pid: c.owner?.pid ?? null,
      others,
    },
    evidence: [
      {
        source: c.kind === 'udp' ? `cat ${procs}/udp ${procs}/udp6` : `cat ${procs}/tcp ${procs}/tcp6`,
        text: `${c.taken} local ports${c.source ? ` of ${c.source}` : ''}${c.destination ? ` to ${end(c.destination)}` : ''}${c.timeWait > 0 ? `, TIME_WAIT ${c.timeWait}` : ''}`,
      },
      {
        source:
          by === 'spec'
            ? 'spec.securityContext.sysctls'
            : space && !space.host
              ? `nsenter -t ${space.pid} -n sysctl net.ipv4.ip_local_port_range`
              : '/proc/sys/net/ipv4/ip_local_port_range',
        text: by === 'read' || by === 'spec' ? range.join(' ') : `not read; ${range.join(' ')} assumed`,
      },
    ],
    fix: widenRemedy(c, space, pod, use.servers, f),
  };
};

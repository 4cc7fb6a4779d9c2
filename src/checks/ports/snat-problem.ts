import type { Problem } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { SnatGroup } from '../../facts/network/snat-use.ts';
import type { NodePort } from '../../facts/services/node-ports.ts';
import { spanText } from '../../lib/span-text.ts';
import { isDense } from './dense-group.ts';
import type { Failures } from './insert-failures.ts';

/** Ports that NAT chooses from when the source port is one of these itself (nf_nat_core.c). */
const natPorts = 64_512;

const end = (e: { readonly ip: string; readonly port: number }): string =>
  `${e.ip.includes(':') ? `[${e.ip}]` : e.ip}:${e.port}`;

/** What to tell of a NAT address whose ports to one destination run out; null where they do not. */
export const snatProblem = (
  g: SnatGroup,
  table: string,
  failures: Failures | null,
  nodePorts: Reading<readonly NodePort[]>,
  shares: { readonly warning: number; readonly error: number },
): Problem | null => {
  const limited = failures !== null && failures.insertFailed > 0 && isDense(g);
  const available = limited ? g.highest - g.lowest + 1 : natPorts;
  if (g.entries < available * shares.warning) return null;
  const bad = g.entries >= available * shares.error;
  const translated = g.meant.ip !== g.destination.ip || g.meant.port !== g.destination.port;
  const port = nodePorts.ok
    ? nodePorts.value.find((p) => p.port === g.meant.port && p.protocol === g.protocol.toUpperCase())
    : undefined;
  const service = translated ? (port?.service ?? null) : null;
  const by = translated ? ` (by way of ${end(g.meant)}${service ? `, Service ${service}` : ''})` : '';
  const waiting = g.timeWait > 0 ? `, ${g.timeWait} of them of closed connections` : '';
  const ports = limited ? `ports ${g.lowest}-${g.highest}, to which a rule seems to limit it,` : 'ports';
  const failed =
    failures && failures.insertFailed > 0
      ? ` conntrack could not insert ${failures.insertFailed} entries within ${spanText(failures.seconds)}: new connections fail.`
      : ' When no port is free, new connections are dropped (insert_failed), while the sockets of the clients look fine.';
  const [namespace, name] = (service ?? '').split('/');
  const local =
    namespace && name
      ? {
          now: [
            `kubectl patch service -n ${namespace} ${name} --type=merge -p '{"spec":{"externalTrafficPolicy":"Local"}}'`,
          ],
        }
      : {};
  return {
    id: limited ? 'snat-range' : 'snat',
    severity: bad ? 'error' : 'warning',
    message: `Source NAT to ${g.source} has taken ${g.entries} of ${limited ? available : `about ${available}`} ${ports} for ${g.protocol.toUpperCase()} to ${end(g.destination)}${by}${waiting}.${failed}`,
    data: { ...g, available, limited, service, insertFailed: failures?.insertFailed ?? null },
    evidence: [
      {
        source: table === 'conntrack -L' ? table : `cat ${table}`,
        text: `${g.entries} entries with dst=${g.source} in the reply from ${end(g.destination)}, ports ${g.lowest}-${g.highest}`,
      },
      ...(failures
        ? [
            {
              source: '/proc/net/stat/nf_conntrack',
              text: `insert_failed ${failures.insertFailed} within ${spanText(failures.seconds)}`,
            },
          ]
        : []),
    ],
    fix: translated
      ? {
          say: `${service ? `With externalTrafficPolicy: Local the Service's traffic needs no source NAT (with kubectl, wherever it is set up).` : 'With externalTrafficPolicy: Local (NodePort, LoadBalancer) a Service needs no source NAT.'} Else more backends, and clients that keep connections open.${limited ? ' Take --to-ports out of the rule, or widen it.' : ''}`,
          ...local,
          risk: 'disruptive',
          covers:
            'With Local a node without a pod of the Service answers nobody: the load balancer has to heed its health checks.',
        }
      : {
          say: `${limited ? 'Take --to-ports out of the rule, or widen it. ' : ''}Keep connections open and pool them; spread them over more destination addresses, or give the node more egress addresses. --random-fully avoids clashes between ports that are still free.`,
          risk: 'none',
          covers: 'net.ipv4.ip_local_port_range does not limit NAT, so widening it does not help here.',
        },
  };
};

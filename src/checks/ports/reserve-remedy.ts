import type { Remedy } from '../../core/check.ts';
import type { PortRange } from '../../core/report.ts';
import { countPorts, formatRanges, mergeRanges, subtractRanges } from '../../lib/port-ranges.ts';

/** With fewer ephemeral ports than this a node runs out of them under ordinary load; then the range is moved instead. */
const fewestEphemeralPorts = 4096;

const linuxDefault: PortRange = [32768, 60999];
const file = '/etc/sysctl.d/99-z-netdoctor-ports.conf';

const snat =
  'Reserved ports bind connect() and bind(0) only. NAT (MASQUERADE, SNAT) picks source ports from 1024-65535 whatever these settings say, ' +
  'so a masqueraded connection may still meet a NodePort, though rarely; moving from IPVS to nftables mode ends that too.';

/** The default range, or where the NodePorts lie in it too the largest free stretch above 10240. */
const anotherRange = (reserved: readonly PortRange[]): PortRange => {
  if (countPorts(subtractRanges([linuxDefault], reserved)) >= fewestEphemeralPorts) return linuxDefault;
  const free = subtractRanges([[10240, 65535]], reserved);
  return [...free].sort((a, b) => b[1] - b[0] - (a[1] - a[0]))[0] ?? linuxDefault;
};

/**
 * Reserves `ports` beside what is reserved already (a write replaces the whole list, so the list is merged; facts A.3). Where too few
 * ephemeral ports would remain, the ephemeral range is moved as well.
 */
export const reserveRemedy = (
  ephemeral: PortRange,
  reserved: readonly PortRange[],
  ports: readonly PortRange[],
  caveat = '',
): Remedy => {
  const list = mergeRanges([...reserved, ...ports]);
  const text = formatRanges(list);
  const enough = countPorts(subtractRanges([ephemeral], list)) >= fewestEphemeralPorts;
  const range = enough ? null : anotherRange(list);
  const move = range ? `net.ipv4.ip_local_port_range="${range[0]} ${range[1]}" ` : '';
  const line = range ? `net.ipv4.ip_local_port_range = ${range[0]} ${range[1]}\n` : '';
  return {
    say: `${range ? `Move the ephemeral range and reserve the ports, on all nodes and in the node template (reserving alone would leave fewer than ${fewestEphemeralPorts} ephemeral ports).` : 'Reserve the ports, on all nodes and in the node template. What is reserved already stays.'}${caveat}`,
    now: [`sysctl -w ${move}net.ipv4.ip_local_reserved_ports=${text}`],
    persist: {
      file,
      content: `# ports that no outgoing connection may take as its source port (netdoctor)\n${line}net.ipv4.ip_local_reserved_ports = ${text}\n`,
    },
    risk: 'none',
    covers: snat,
  };
};

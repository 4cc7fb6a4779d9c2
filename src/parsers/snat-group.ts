import type { SnatGroup } from '../facts/network/snat-use.ts';
import { ip } from './ip.ts';

const port = (text: string | undefined): number | null =>
  /^\d{1,5}$/.test(text ?? '') && Number(text) <= 65535 ? Number(text) : null;

const count = (text: string | undefined): number | null => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : null);

/**
 * Understands the collector's line "N TAB snat TAB protocol TAB NAT address TAB destination TAB its port TAB meant address TAB its port TAB TIME_WAIT TAB
 * moved TAB lowest TAB highest port"; null for any other.
 */
export const parseSnatGroup = (line: string): SnatGroup | null => {
  const [number, tag, protocol = '', nat, to, toPort, meantIp, meantPort, closed, changed, low, high] =
    line.split('\t');
  const [entries, timeWait, moved] = [count(number), count(closed), count(changed)];
  const [source, destinationIp, meant] = [ip(nat ?? ''), ip(to ?? ''), ip(meantIp ?? '')];
  const [destinationPort, wanted, lowest, highest] = [port(toPort), port(meantPort), port(low), port(high)];
  if (tag !== 'snat' || !/^[a-z]+$/.test(protocol) || entries === null || timeWait === null || moved === null)
    return null;
  if (source === null || destinationIp === null || meant === null || destinationPort === null || wanted === null)
    return null;
  if (lowest === null || highest === null || lowest > highest || moved > entries || timeWait > entries) return null;
  return {
    protocol,
    source,
    destination: { ip: destinationIp, port: destinationPort },
    meant: { ip: meant, port: wanted },
    entries,
    timeWait,
    moved,
    lowest,
    highest,
  };
};

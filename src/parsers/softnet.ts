import type { Softnet } from '../facts/kernel/softnet.ts';

/**
 * Understands /proc/net/softnet_stat behind a line "backlog TAB number or -": hexadecimal columns without names, of which the first three are processed, dropped
 * and time_squeeze in all kernels; the thirteenth, where there is one, is the CPU's number, else the line's. Null if it is something else.
 */
export const parseSoftnet = (text: string): Softnet | null => {
  const [head = '', ...lines] = text.split('\n').filter((l) => l !== '');
  const backlog = /^backlog\t(-|\d{1,15})$/.exec(head)?.[1];
  if (backlog === undefined || lines.length === 0) return null;
  const rows = lines.map((l) => l.trim().split(/\s+/));
  if (rows.some((r) => r.length < 3 || !r.every((v) => /^[0-9a-f]{1,8}$/i.test(v)))) return null;
  const hex = (value: string | undefined): number => Number.parseInt(value ?? '', 16);
  return {
    maxBacklog: backlog === '-' ? null : Number(backlog),
    cpus: rows.map((r, i) => ({
      cpu: r.length >= 13 ? hex(r[12]) : i,
      processed: hex(r[0]),
      dropped: hex(r[1]),
      timeSqueezes: hex(r[2]),
    })),
  };
};

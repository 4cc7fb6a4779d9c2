import { known, missing, type Reading } from '../../core/gap.ts';
import type { DatagramQueue, ListenQueue, QueueSettings, Queues, UnreadStream } from '../../facts/sockets/queues.ts';
import { isLittleEndian } from '../../parsers/byte-order.ts';
import { parseOwner } from '../../parsers/owners.ts';
import { parseSocketRow } from '../../parsers/proc-net-sockets.ts';
import { parseSocketQueue, type SocketQueue } from '../../parsers/socket-queue.ts';

interface Row extends SocketQueue {
  readonly space: string;
  readonly table: string;
  readonly inode: string;
  readonly ip: string;
  readonly port: number;
  readonly remote: { readonly ip: string; readonly port: number };
  readonly listens: boolean;
}

/** One look, its lines by their tags. */
interface Look {
  readonly rows: readonly Row[];
  readonly tagged: (tag: string) => readonly string[][];
  readonly cut: ReadonlySet<string>;
}

const unsound = missing('unparsable', 'the queues of sockets are not what they should be');

const lookOf = (text: string): Reading<Look> => {
  const lines = text.split('\n').filter((l) => l !== '');
  const little = isLittleEndian(lines);
  if (little === null) return missing('unparsable', 'the machine did not say what it is (uname -m)');
  const rows: Row[] = [];
  for (const line of lines) {
    const [tag, space = '', table = '', inode = '', ...rest] = line.split('\t');
    if (tag !== 'row') continue;
    const [row, queue] = [parseSocketRow(rest.join('\t'), little), parseSocketQueue(rest.join('\t'))];
    if (!row || !queue || !/^(tcp|udp)6?$/.test(table) || row.inode !== inode) return unsound;
    const { local, remote, state } = row;
    rows.push({ space, table, inode, ...local, remote, listens: state === 'LISTEN', ...queue });
  }
  const tagged = (tag: string): string[][] =>
    lines.filter((l) => l.startsWith(`${tag}\t`)).map((l) => l.split('\t').slice(1));
  return known({ rows, tagged, cut: new Set(tagged('cut').map((f) => f.join(' '))) });
};

const natural = (text: string | undefined): number | null => (/^\d{1,12}$/.test(text ?? '') ? Number(text) : null);

/** Half-open connections by "SPACE PORT". */
const halfOpenOf = (look: Look): ReadonlyMap<string, number> =>
  new Map(
    look.tagged('syn').flatMap(([space = '', port = '', count]) => {
      const n = natural(count);
      return n === null || !/^[0-9A-F]{4}$/.test(port) ? [] : [[`${space} ${Number.parseInt(port, 16)}`, n] as const];
    }),
  );

const settingsOf = (look: Look): QueueSettings[] => {
  const of = (space: string, file: string): number | null =>
    natural(look.tagged('set').find((f) => f[0] === space && f[1] === file)?.[2]);
  return [...new Set(look.tagged('space').map(([space = '']) => space))].map((space) => ({
    space,
    somaxconn: of(space, 'core/somaxconn'),
    maxSynBacklog: of(space, 'ipv4/tcp_max_syn_backlog'),
    synCookies: of(space, 'ipv4/tcp_syncookies'),
  }));
};

/** Where ss has no inet_diag it reads /proc, which has no backlog, and prints 0 for each: 0 is no answer. */
const backlogOf = (look: Look, row: Row): number | null => {
  const found = look.tagged('backlog').find((f) => f[0] === row.space && f[1] === row.inode);
  return natural(found?.[2]) || null;
};

/** What the two looks of the window say together. */
export const queuesBetween = (before: string, after: string): Reading<Queues> => {
  const [first, last] = [lookOf(before), lookOf(after)];
  if (!first.ok) return first;
  if (!last.ok) return last;
  // of several processes that share a socket the first
  const holders = after.split('\n').flatMap((l) => parseOwner(l) ?? []);
  const owners = new Map(holders.toReversed().map((o) => [o.inode, o]));
  const old = new Map(first.value.rows.map((r) => [`${r.space} ${r.inode}`, r]));
  const halfOpen = [halfOpenOf(first.value), halfOpenOf(last.value)];
  const listeners: ListenQueue[] = [];
  const datagrams: DatagramQueue[] = [];
  const unread: UnreadStream[] = [];
  for (const row of last.value.rows) {
    const from = old.get(`${row.space} ${row.inode}`);
    const { space, ip, port } = row;
    const owner = owners.get(row.inode) ?? null;
    if (row.table.startsWith('tcp') && !row.listens) {
      unread.push({ space, ip, port, remote: row.remote, receivedBytes: row.received, owner });
      continue;
    }
    if (row.table.startsWith('tcp')) {
      listeners.push({
        space,
        ip,
        port,
        waiting: row.received,
        waitingBefore: from?.received ?? null,
        backlog: backlogOf(last.value, row),
        halfOpen: Math.max(...halfOpen.map((m) => m.get(`${space} ${port}`) ?? 0)),
        owner,
      });
      continue;
    }
    if (row.drops === null) return unsound;
    // of a socket that was not among the first look's none had dropped yet, unless that look was cut
    const gone = first.value.cut.has(`${space} udp`) ? null : 0;
    const dropped = from ? from.drops : gone;
    datagrams.push({
      space,
      ip,
      port,
      drops: dropped === null ? null : Math.max(0, row.drops - dropped),
      dropsEver: row.drops,
      receivedBytes: row.received,
      unsentBytes: row.sent,
      owner,
    });
  }
  return known({ listeners, datagrams, unread, settings: settingsOf(last.value), cut: last.value.cut });
};

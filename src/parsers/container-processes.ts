import type { Process } from '../facts/workloads/processes.ts';

/** The kernel's clock ticks of user space, in every Linux: USER_HZ. */
const ticksPerSecond = 100;

const mask = (text: string | undefined): bigint | null =>
  text !== undefined && /^[0-9a-f]{1,16}$/.test(text) ? BigInt(`0x${text}`) : null;

/** What the other rows say of one pid. */
interface Said {
  exe: string | null;
  words: readonly string[];
  forwards: boolean | null;
}

const nothing: Readonly<Said> = { exe: null, words: [], forwards: null };

const note = (said: Map<number, Said>, line: string): void => {
  const [tag = '', pid = '', ...rest] = line.split('\t');
  if (!/^\d{1,10}$/.test(pid)) return;
  const s = said.get(Number(pid)) ?? { ...nothing };
  const value = rest.join('\t');
  switch (tag) {
    case 'exe':
      s.exe = value;
      break;
    case 'cmd':
      s.words = value.split(' ').filter((w) => w !== '');
      break;
    case 'forwards':
      s.forwards = value === 'yes';
      break;
    default:
      return;
  }
  said.set(Number(pid), s);
};

/** A row of a process; null for one that is not whole. */
const processOf = (
  [
    pid = '',
    parent = '',
    namespaces = '',
    state = '',
    blk,
    ign,
    cgt,
    ticks = '',
    wchan = '',
    ...name
  ]: readonly string[],
  said: ReadonlyMap<number, Said>,
  uptimeSeconds: number,
): Process | null => {
  const [blocked, ignored, caught] = [mask(blk), mask(ign), mask(cgt)];
  if (blocked === null || ignored === null || caught === null) return null;
  if (!/^\d{1,10}$/.test(pid) || !/^\d{1,10}$/.test(parent) || !/^[A-Za-z]$/.test(state)) return null;
  const pids = namespaces.split(' ').filter((p) => /^\d{1,10}$/.test(p));
  const startTicks = /^\d{1,15}$/.test(ticks) ? Number(ticks) : 0;
  // "0" is what one may not see, or nothing: a process that sleeps sleeps somewhere
  const seen = state !== 'S' || (wchan !== '0' && wchan !== '');
  const { exe, words, forwards } = said.get(Number(pid)) ?? nothing;
  return {
    pid: Number(pid),
    parent: Number(parent),
    ownPid: pids.length === 0 ? null : Number(pids.at(-1)),
    depth: pids.length,
    name: name.join('\t'),
    state,
    ignored,
    caught,
    blocked,
    waitsForSignals: seen ? /sigtimedwait/.test(wchan) : null,
    program: exe,
    words,
    forwards,
    ageSeconds: Math.max(0, uptimeSeconds - startTicks / ticksPerSecond),
  };
};

/**
 * Understands what the collector says of the containers' processes (src/probes/workloads/processes.proc.ts). A process that ended meanwhile, so that half of
 * it is missing, is left out. By pid, whatever the order of the rows.
 */
export const parseProcesses = (text: string): ReadonlyMap<string, readonly Process[]> => {
  const lines = text.split('\n');
  const uptime = Number(/^uptime (\d{1,10}(?:\.\d{1,9})?)$/m.exec(text)?.[1] ?? 0);
  const said = new Map<number, Said>();
  for (const line of lines) note(said, line);
  const seen = new Set<number>();
  const containers = new Map<string, Process[]>();
  for (const line of lines) {
    const [tag, key = '', ...fields] = line.split('\t');
    if (!/^[0-9a-f]{16}$/.test(key)) continue;
    if (tag === 'in' && fields.length === 0) containers.set(key, containers.get(key) ?? []);
    const p = tag === 'p' ? processOf(fields, said, uptime) : null;
    if (p === null || seen.has(p.pid)) continue;
    seen.add(p.pid);
    const others = containers.get(key);
    if (others) others.push(p);
    else containers.set(key, [p]);
  }
  return new Map([...containers].map(([key, all]) => [key, all.toSorted((a, b) => a.pid - b.pid)]));
};

import type { Process } from '../facts/workloads/processes.ts';

/** The kernel's clock ticks of user space, in every Linux: USER_HZ. */
const ticksPerSecond = 100;

const mask = (text: string | undefined): bigint | null =>
  text !== undefined && /^[0-9a-f]{1,16}$/.test(text) ? BigInt(`0x${text}`) : null;

/** What was said of one pid, by kind. */
interface Said {
  readonly status: Map<string, string>;
  startTicks: number | null;
  wchan: string | null;
  exe: string | null;
  words: readonly string[];
  forwards: boolean | null;
}

const fresh = (): Said => ({
  status: new Map(),
  startTicks: null,
  wchan: null,
  exe: null,
  words: [],
  forwards: null,
});

/** Field 22 of /proc/PID/stat, counted from behind the name, which may hold anything and ends at the last ")". */
const startOf = (line: string): number | null => {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[19]);
  return fields.length > 19 && Number.isSafeInteger(ticks) ? ticks : null;
};

const note = (said: Map<number, Said>, line: string): void => {
  const [, ofFile, file, content] = /^\/proc\/(\d{1,10})\/(status|stat|wchan):(.*)$/.exec(line) ?? [];
  const [tag = '', ofRow, ...rest] = line.split('\t');
  const s = said.get(Number(ofFile ?? ofRow));
  if (!s) return;
  const value = rest.join('\t');
  switch (file ?? tag) {
    case 'status': {
      const [, name = '', text = ''] = /^(\w+):\s*(.*)$/.exec(content ?? '') ?? [];
      s.status.set(name, text);
      break;
    }
    case 'stat':
      s.startTicks = startOf(content ?? '') ?? s.startTicks;
      break;
    case 'wchan':
      s.wchan = content ?? null;
      break;
    case 'exe':
      s.exe = value;
      break;
    case 'cmd':
      s.words = value.split(' ').filter((w) => w !== '');
      break;
    case 'forwards':
      s.forwards = value === 'yes';
      break;
  }
};

const processOf = (pid: number, s: Said, uptimeSeconds: number): Process | null => {
  const ignored = mask(s.status.get('SigIgn'));
  const caught = mask(s.status.get('SigCgt'));
  const blocked = mask(s.status.get('SigBlk'));
  const parent = Number(s.status.get('PPid'));
  const state = s.status.get('State')?.charAt(0) ?? '';
  if (ignored === null || caught === null || blocked === null || !Number.isSafeInteger(parent) || state === '')
    return null;
  const pids = (s.status.get('NSpid') ?? '').split(/\s+/).filter((p) => /^\d{1,10}$/.test(p));
  // "0" is what one may not see, or nothing: a process that sleeps sleeps somewhere
  const seen = state !== 'S' || (s.wchan !== null && s.wchan !== '0' && s.wchan !== '');
  return {
    pid,
    parent,
    ownPid: pids.length === 0 ? null : Number(pids.at(-1)),
    depth: pids.length,
    name: s.status.get('Name') ?? '',
    state,
    ignored,
    caught,
    blocked,
    waitsForSignals: seen ? /sigtimedwait/.test(s.wchan ?? '') : null,
    program: s.exe,
    words: s.words,
    forwards: s.forwards,
    ageSeconds: Math.max(0, uptimeSeconds - (s.startTicks ?? 0) / ticksPerSecond),
  };
};

/**
 * Understands what the collector says of the containers' processes (src/probes/workloads/processes.proc.ts). A process that ended meanwhile, so that half of
 * it is missing, is left out.
 */
export const parseProcesses = (text: string): ReadonlyMap<string, readonly Process[]> => {
  const lines = text.split('\n');
  const uptime = Number(/^uptime (\d{1,10}(?:\.\d{1,9})?)$/m.exec(text)?.[1] ?? 0);
  const said = new Map<number, Said>();
  const containers = new Map<string, number[]>();
  for (const line of lines) {
    const [, key, pid] = /^in\t([0-9a-f]{16})\t(\d{1,10})$/.exec(line) ?? [];
    if (key === undefined || said.has(Number(pid))) continue;
    said.set(Number(pid), fresh());
    containers.set(key, [...(containers.get(key) ?? []), Number(pid)]);
  }
  for (const line of lines) note(said, line);
  return new Map(
    [...containers].map(([key, pids]) => [
      key,
      pids.flatMap((pid) => processOf(pid, said.get(pid) ?? fresh(), uptime) ?? []),
    ]),
  );
};

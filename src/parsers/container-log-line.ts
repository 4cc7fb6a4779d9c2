/** A line of a container's log file. */
export interface ContainerLogLine {
  /** Milliseconds since 1970, by the runtime's timestamp. */
  readonly atMs: number;
  readonly text: string;
}

const json = /^\{"log":"((?:[^"\\]|\\.)*)/;
const jsonTime = /"time":"([^"]+)"/;
const cri = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*) (?:stdout|stderr) [FP]\S* (.*)$/;

const unescaped = (text: string): string =>
  text.replaceAll(/\\(u[0-9a-fA-F]{4}|.)/g, (_, e: string) => {
    if (e.length === 5) return String.fromCharCode(Number.parseInt(e.slice(1), 16));
    return e === 'n' || e === 't' || e === 'r' ? ' ' : e;
  });

/**
 * The two formats that kubelet's containers have: CRI (containerd, CRI-O) and Docker's json-file, whose time stands at the end. Null for
 * what is neither or has no time.
 */
export const containerLogLine = (line: string): ContainerLogLine | null => {
  const [, time = '', text = ''] = cri.exec(line) ?? [];
  const [, quoted] = json.exec(line) ?? [];
  const at = Date.parse(quoted === undefined ? time : (jsonTime.exec(line)?.[1] ?? ''));
  if (Number.isNaN(at)) return null;
  return { atMs: at, text: (quoted === undefined ? text : unescaped(quoted)).trim() };
};

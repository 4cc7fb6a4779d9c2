import { onNode } from '../cluster.ts';

/** What the runtime did to stop a container. */
export interface Stop {
  /** What it sent to the first process: "terminated", "quit", in Go's words. */
  readonly signal: string;
  /** When, by the node's clock. */
  readonly atMs: number;
  /** It killed the container, or tried to just when that had ended: busy, it learns of that late. */
  readonly killed: boolean;
}

/** What containerd wrote about the containers that it stopped, by their ids. Its log is its standard output. */
export const readStops = async (node: string): Promise<ReadonlyMap<string, Stop>> => {
  const log = await onNode(node, ['sh', '-c', 'grep -E "(Stop|Kill) container" "/proc/$(pgrep -xo containerd)/fd/1"']);
  const stops = new Map<string, Stop>();
  for (const line of log.split('\n')) {
    const [, at = '', what, id = '', signal] =
      /^time="([^"]+)" level=\w+ msg="(Stop|Kill) container \\"([0-9a-f]{64})\\"(?: with signal (.*))?"/.exec(line) ??
      [];
    const stop = stops.get(id);
    if (stop && what === 'Kill') stops.set(id, { ...stop, killed: true });
    if (!stop && signal !== undefined) stops.set(id, { signal, atMs: Date.parse(at), killed: false });
  }
  return stops;
};

import type { Raws } from '../core/facts-table.ts';
import type { Plan } from '../core/plan.ts';
import type { Output, Raw } from '../core/read.ts';
import { TransportError } from '../core/transport.ts';
import { bootIdProc } from '../probes/kernel/boot-id.proc.ts';
import { bundleTransport, openBundle } from '../transports/bundle.ts';

/** A run of a node whose counters a later one is compared with. */
export interface EarlierRun {
  /** What asked for the comparison. */
  readonly by: '--since' | '--watch-for';
  /** What it is called: the path of a bundle. */
  readonly path: string;
  /** Null where the bundle does not say which node it is of. */
  readonly node: string | null;
  readonly raws: Raws;
}

/** What of a run is compared: reads at both ends of the window, and which boot it was. */
const compared = (plan: Plan) => [
  ...plan.node.filter((r) => r.sampling === 'twice'),
  ...Object.values(bootIdProc.reads),
];

/** Opens the bundle of `--since`. Throws {@link TransportError} where it is none. */
export const earlierRun = async (path: string, plan: Plan, signal: AbortSignal): Promise<EarlierRun> => {
  const bundle = await openBundle(path);
  await using transport = bundleTransport(bundle);
  const raws = new Map<string, Raw>();
  for await (const [read, raw] of transport.fetch(compared(plan), signal)) raws.set(read.id, raw);
  return { by: '--since', path, node: bundle.manifest?.node ?? bundle.hostName, raws };
};

/** What was read before a watch, as that with which what is read after it is compared. */
export const beforeWatch = (node: string, raws: Raws, plan: Plan): EarlierRun => {
  const ids = new Set<string>(compared(plan).map((r) => r.id));
  return {
    by: '--watch-for',
    path: 'what was read before the watch',
    node,
    raws: new Map([...raws].filter(([id]) => ids.has(id))),
  };
};

const lastOf = (raw: Raw | undefined): Output | null => (raw?.ok ? (raw.outputs.at(-1) ?? raw.outputs[0]) : null);

const bootOf = (raws: Raws): string | null => {
  const raw = raws.get(bootIdProc.reads.id.id);
  const boot = raw ? bootIdProc.parse({ id: raw }) : null;
  return boot?.ok ? boot.value : null;
};

/**
 * The answers of this run with those of the earlier one as their first sample, so that the window reaches back to it. Counters begin anew at each boot; a bundle of
 * another boot, or that does not say of which it is, is of no use: then `note` says so and the run keeps its own window. Throws {@link TransportError} where the bundle is of
 * another node.
 */
export const sinceEarlier = (
  earlier: EarlierRun,
  node: string,
  raws: Raws,
): { readonly raws: Raws; readonly note: string | null } => {
  if (earlier.node !== null && earlier.node !== node)
    throw new TransportError(`--since: ${earlier.path} is a bundle of ${earlier.node}, not of ${node}.`);
  const [then, now] = [bootOf(earlier.raws), bootOf(raws)];
  const none = (why: string) => ({
    raws,
    note: `${earlier.by}: ${why}; what is told happened within this run's own window`,
  });
  if (then === null || now === null)
    return none(`${then === null ? earlier.path : 'this run'} does not say which boot of ${node} it is of`);
  if (then !== now) return none(`${node} was booted since ${earlier.path} was saved, and its counters began anew`);
  const merged = new Map(raws);
  for (const [id, raw] of earlier.raws) {
    const [first, last] = [lastOf(raw), lastOf(raws.get(id))];
    if (id === bootIdProc.reads.id.id || !first || !last) continue;
    if (first.atMs >= last.atMs) return none(`${earlier.path} is not older than this run`);
    merged.set(id, {
      ok: true,
      outputs: [
        { ...first, sample: 0 },
        { ...last, sample: 1 },
      ],
    });
  }
  return { raws: merged, note: null };
};

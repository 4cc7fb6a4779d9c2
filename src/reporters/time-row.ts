import type { ContainerEnd, Termination } from '../core/report.ts';
import type { Canvas } from './canvas.ts';
import type { Style } from './paint.ts';
import type { TimeScale } from './time-scale.ts';

/** A run of one sign. */
interface Run {
  readonly from: number;
  /** The column after the last. */
  readonly to: number;
  readonly sign: string;
  readonly style: Style;
}

/** Later runs cover earlier ones. */
const drawn = (runs: readonly Run[], c: Canvas): string => {
  const cells: Run[] = [];
  for (const run of runs) for (let i = run.from; i < run.to; i += 1) cells[i] = run;
  let out = '';
  let piece = '';
  for (let i = 0; i < cells.length; i += 1) {
    const run = cells[i];
    piece += run?.sign ?? ' ';
    if (run === cells[i + 1] && i + 1 < cells.length) continue;
    out += run ? c.paint(run.style, piece) : piece;
    piece = '';
  }
  return out;
};

const ofContainer = (e: ContainerEnd, { at }: TimeScale, c: Canvas): string => {
  const { signs } = c;
  const hook = e.preStop !== null && e.preStop.runs !== false ? e.preStop : null;
  const hooked = hook === null ? 0 : Math.max(1, at(Math.min(hook.seconds ?? 0, e.signalAt ?? e.killAt)));
  const signal = e.signalAt === null ? null : Math.max(hooked, at(e.signalAt));
  const kill = Math.max(at(e.killAt), signal === null ? hooked : signal + 1);
  const waits = e.kind === 'sidecar' ? signs.waits : signs.unknown;
  const survives = e.reacts === 'no';
  return drawn(
    [
      { from: 0, to: hooked, sign: signs.hook, style: 'cyan' },
      ...(signal === null
        ? [{ from: hooked, to: kill, sign: waits, style: 'dim' as const }]
        : [
            { from: signal, to: signal + 1, sign: signs.signal, style: 'yellow' as const },
            { from: signal + 1, to: kill, sign: signs.grace, style: 'dim' as const },
          ]),
      { from: kill, to: kill + 1, sign: survives ? signs.kill : signs.limit, style: survives ? 'red' : 'dim' },
    ],
    c,
  );
};

/** One row of the timeline, drawn to scale: the hook, the signal, the grace that is left and the kill of a container; traffic that may still come; what is lost. */
export const timeRow = (
  what: ContainerEnd | { readonly trafficUntil: number } | { readonly losses: Termination['losses'] },
  scale: TimeScale,
  c: Canvas,
): string => {
  if ('losses' in what)
    return drawn(
      what.losses.map(({ from, to }) => {
        const first = scale.at(from);
        return { from: first, to: Math.max(first + 1, scale.at(to)), sign: c.signs.loss, style: 'red' };
      }),
      c,
    );
  if ('trafficUntil' in what)
    return drawn([{ from: 0, to: Math.max(1, scale.at(what.trafficUntil)), sign: c.signs.traffic, style: 'green' }], c);
  return ofContainer(what, scale, c);
};

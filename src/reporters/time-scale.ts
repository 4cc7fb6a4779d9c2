import { seconds } from './seconds.ts';

/** Seconds on columns. */
export interface TimeScale {
  /** The column of a time, from 0 to the last. */
  readonly at: (t: number) => number;
  /** The axis with its numbers, a little wider than the last column. */
  readonly axis: string;
}

const minutes = [60, 120, 300, 600, 900, 1800];
const steps = [1, 2, 5, 10, 15, 30, ...minutes, ...[1, 2, 6, 12, 24, 48].map((h) => h * 3600)];
/** From one number to the next. */
const apart = 8;

/** A scale from 0 to `end` seconds. */
export const timeScale = (end: number, columns: number): TimeScale => {
  const at = (t: number): number => Math.min(columns - 1, Math.max(0, Math.round((t / end) * (columns - 1)) || 0));
  const step = steps.find((s) => at(s) >= apart) ?? end;
  const last = at(end);
  let axis = '0';
  for (let t = step; at(t) + apart <= last && t < end; t += step) axis = axis.padEnd(at(t)) + String(t);
  return { at, axis: axis.padEnd(last) + seconds(end) };
};

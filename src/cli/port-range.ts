import type { PortRange } from '../core/report.ts';
import { UsageError } from './usage-error.ts';

/** A range of ports as the API server's flag takes it, "30000-32767". Throws {@link UsageError}. */
export const portRange = (text: string, flag: string): PortRange => {
  const [, a, b] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const [from, to] = [Number(a), Number(b)];
  if (a === undefined || from < 1 || to > 65535 || from > to) {
    throw new UsageError(`invalid argument "${text}" for "--${flag}" flag: not a range of ports (30000-32767)`);
  }
  return [from, to];
};

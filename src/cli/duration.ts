import { UsageError } from './usage-error.ts';

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** How a duration may be: `unit` that a bare number has, where one is allowed; bounds in seconds. */
export interface DurationRule {
  readonly unit?: 's';
  readonly least: number;
  readonly most: number;
}

const parse = (text: string, rule: DurationRule): number | null => {
  if (text === '0') return 0;
  if (rule.unit !== undefined && /^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return null;
  return [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (milliseconds[unit ?? ''] ?? 0),
    0,
  );
};

/** Milliseconds of a duration as Go writes it (2s, 500ms, 1m30s, 0). Throws {@link UsageError}. */
export const duration = (text: string, flag: string, rule: DurationRule): number => {
  const ms = parse(text, rule);
  if (ms === null)
    throw new UsageError(`invalid argument "${text}" for "--${flag}" flag: not a duration (2s, 500ms, 1m30s)`);
  if (ms < rule.least * 1000 || ms > rule.most * 1000) {
    throw new UsageError(
      `invalid argument "${text}" for "--${flag}" flag: must be between ${rule.least}s and ${rule.most}s`,
    );
  }
  return ms;
};

import type { CheckWords } from '../core/check.ts';
import type { Look } from '../core/reporter.ts';
import { list } from './list.ts';

/** All checks as kubectl would list them: id, the gravest severity it gives, the good state. */
export const checksList = (checks: readonly CheckWords[], look: Look): string => {
  const widest = Math.max(2, ...checks.map((c) => c.id.length));
  const rows = [['ID', 'SEVERITY', 'TITLE'], ...checks.map((c) => [c.id, c.severity, c.title])];
  return `${list(rows, [widest, 'SEVERITY'.length], look.width).join('\n')}\n`;
};

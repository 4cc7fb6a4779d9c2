import { severities } from '../core/check.ts';
import type { FailOn } from '../core/fail-on.ts';

/** What --fail-on says, which is one of its words or nothing. */
export const failOnOf = (text: string | undefined): FailOn =>
  text === 'never' ? text : (severities.find((s) => s === text) ?? 'warning');

import type { Severity } from '../core/check.ts';

/** The severity from which on problems make the exit code 2. */
export type FailOn = Severity | 'never';

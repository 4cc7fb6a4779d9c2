import type { Severity } from '../core/check.ts';
import type { Style } from './paint.ts';

const styles: Readonly<Record<Severity, Style>> = { critical: 'red', error: 'red', warning: 'yellow', info: 'cyan' };

/** The colour of a severity. */
export const styleOf = (severity: Severity): Style => styles[severity];

import type { Finding } from '../core/finding.ts';

/** A finding that names a problem. */
export type Failed = Extract<Finding, { status: 'fail' }>;

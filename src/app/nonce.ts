import { randomBytes } from 'node:crypto';

/** Marks one run's frames: 24 hex digits, longer than any process name (15), so that a name cannot hold it. */
export const nonce = (): string => randomBytes(12).toString('hex');

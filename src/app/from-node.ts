import type { Collect } from './collected.ts';
export const fromNode: Collect = async () => { throw new Error('not yet'); };

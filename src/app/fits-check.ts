import { matchesGlob } from 'node:path';

/** Whether a pattern means a check: its id, its area (`ports`), or a glob (`ports/*`). */
export const fitsCheck = (id: string, pattern: string): boolean =>
  id === pattern || id.startsWith(`${pattern}/`) || matchesGlob(id, pattern);

import { basename } from 'node:path';

/** How the user calls us: kubectl runs plugins by a path that ends in kubectl-netdoctor. */
export const programName = (path: string | undefined): string =>
  basename(path ?? '').startsWith('kubectl-') ? 'kubectl netdoctor' : 'netdoctor';

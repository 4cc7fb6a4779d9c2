import { rows } from './rows.ts';

/** A VM takes ten seconds to start a container, so that it gets one row of each kind. */
const names = new Set([
  'sleep',
  'go-graceful',
  'perl-sigwait',
  'node-handler',
  'dash-c',
  'bash-redirect',
  'ash-pipe',
  'dash-trap-forward',
  'bash-trap-waiting',
  'tini-shell',
  'dumb-init-shell',
  'quit-dropped',
  'shared-sleep',
]);

/** The rows that are tried on a VM too. */
export const rowsOnVm = rows.filter((row) => names.has(row.name));

import { idleSuppressions } from '../app/idle-suppressions.ts';
import type { Report } from '../core/report.ts';
import type { Suppressions } from '../core/suppression.ts';
import { printable } from '../lib/printable.ts';
import type { Output } from './streams.ts';
import { write } from './write.ts';

/** Says which suppressions suppressed nothing: they are to be taken away, or are wrong. */
export const tellIdle = async (report: Report, suppress: Suppressions | undefined, stderr: Output): Promise<void> => {
  const idle = idleSuppressions(report, suppress?.rules ?? []);
  await write(
    stderr,
    idle.map(({ text }) => `--suppress "${printable(text)}" fits no problem of this run.\n`).join(''),
  );
};

import { missing } from '../../core/gap.ts';
import type { NodeRead, Output, Raw } from '../../core/read.ts';
import { answerLimitBytes } from './program.ts';

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

/**
 * Tells an answer from the many ways of having none. The program runs with LC_ALL=C, so that the C library's words are known
 * ("No such file or directory", "Permission denied", "Operation not permitted"; glibc and musl agree on them).
 */
export const interpret = (read: NodeRead, outputs: readonly [Output, ...Output[]]): Raw => {
  const worst = outputs.find((o) => o.exit !== 0) ?? outputs[0];
  const said = firstLine(worst.stderr);
  if (outputs.some((o) => Buffer.byteLength(o.stdout) > answerLimitBytes)) {
    return missing('truncated', `${read.id}: the answer is longer than ${answerLimitBytes} bytes`);
  }
  if (worst.exit === 0) return { ok: true, outputs };
  if (read.kind === 'script') {
    const missingTool = /(\w+): (?:command |applet )?not found/.exec(worst.stderr);
    if (missingTool) return missing('tool-missing', `${read.id}: ${missingTool[1]} is not there`);
    const kind = worst.exit === 137 && said.startsWith('no answer within') ? 'timeout' : 'failed';
    return missing(kind, `${read.id}: exit ${worst.exit}${said ? `, ${said}` : ''}`);
  }
  if (/Permission denied|Operation not permitted/.test(worst.stderr)) return missing('forbidden', said);
  if (worst.exit === 143 || worst.exit === 137 || (read.kind === 'http' && /timed out/i.test(worst.stderr)))
    return missing(
      'timeout',
      `${read.id}: ${/\bno answer within \d{1,4} s\b/.exec(worst.stderr)?.[0] ?? 'no answer in time'}`,
    );
  if (read.kind === 'file' && /No such file or directory|Not a directory/.test(worst.stderr))
    return missing('absent', `${read.path} does not exist`);
  if (read.kind === 'file') return missing('failed', said || `${read.path}: exit ${worst.exit}`);
  if (worst.exit === 127 || worst.exit === 126) return missing('tool-missing', said || `${read.id}: not there`);
  if (read.kind === 'command' && /can't execute|No such file or directory/.test(worst.stderr))
    return missing('tool-missing', said);
  return missing('failed', `${read.id}: exit ${worst.exit}${said ? `, ${said}` : ''}`);
};

import { exitCode } from '../core/exit-code.ts';
import { errorText } from './error-text.ts';
import { failOnOf } from './fail-on-of.ts';
import { formats } from './formats.ts';
import type { Host } from './host.ts';
import type { lintFlags } from './lint-flags.ts';
import { lintRequest } from './lint-request.ts';
import { look } from './look.ts';
import { outputFormat } from './output-format.ts';
import { tellIdle } from './tell-idle.ts';
import type { Values } from './values.ts';
import { write } from './write.ts';

/** `netdoctor lint`: judges manifests. What cannot be read is told on stderr and makes the exit code 1; the rest is judged all the same. */
export const lintCommand = async (
  v: Values<keyof typeof lintFlags>,
  more: readonly string[],
  { streams, env, deps }: Host,
): Promise<number> => {
  const format = outputFormat(v.text('output'), formats.report);
  const failOn = failOnOf(v.text('fail-on'));
  const request = lintRequest(v, more);
  const [lint, reporter] = await Promise.all([deps.lint(), deps.reporter(format, failOn)]);
  const report = await lint(request, { stdin: deps.stdin });
  const { broken = [] } = report;
  await write(streams.stderr, broken.map((message) => errorText(message)).join(''));
  const nothing = report.targets.length === 0;
  if (nothing && broken.length === 0)
    await write(streams.stderr, 'No pod templates found: there is nothing to judge.\n');
  // machines want a report all the same, unless it would be one on nothing that was read
  if (!nothing || (broken.length === 0 && format !== 'table'))
    await write(streams.stdout, reporter.render(report, look(streams.stdout, env, v.text('color'), v.level('v') > 0)));
  await tellIdle(report, request.suppress, streams.stderr);
  return exitCode(report, failOn);
};

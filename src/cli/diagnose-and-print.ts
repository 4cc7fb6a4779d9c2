import type { DiagnoseRequest } from '../app/request.ts';
import { exitCode } from '../core/exit-code.ts';
import { printable } from '../lib/printable.ts';
import { errorText } from './error-text.ts';
import { failOnOf } from './fail-on-of.ts';
import type { Format } from './formats.ts';
import type { Host } from './host.ts';
import { interruptible } from './interruptible.ts';
import { look } from './look.ts';
import { progress } from './progress.ts';
import { redrawable } from './redrawable.ts';
import type { reportFlags } from './report-flags.ts';
import { tellIdle } from './tell-idle.ts';
import { UsageError } from './usage-error.ts';
import type { Values } from './values.ts';
import { watching } from './watching.ts';
import { write } from './write.ts';

/** Diagnoses, prints the report, and gives the exit code; tells what may be left on the cluster when it could not be deleted. Throws UsageError. */
export const diagnoseAndPrint = async (
  request: DiagnoseRequest,
  format: Format,
  v: Values<keyof typeof reportFlags>,
  host: Host,
): Promise<number> => {
  if (request.watch !== undefined && format !== 'table' && format !== 'json')
    throw new UsageError(`-o ${format} cannot be used with --watch-for: events come as lines, in a table or as JSON`);
  const { streams, env, deps } = host;
  const failOn = failOnOf(v.text('fail-on'));
  const verbose = v.level('v') > 0;
  const said: string[] = [];
  const leftBehind = new Map<string, string>();
  const tellLeftBehind = async (): Promise<void> => {
    const commands = [...leftBehind.values()].filter((command) => !said.some((text) => text.includes(command)));
    if (commands.length === 0) return;
    const [what, it] = commands.length === 1 ? ['The debug pod', 'it'] : [`${commands.length} debug pods`, 'them'];
    const lines = commands.map((command) => `  ${printable(command)}\n`).join('');
    await write(streams.stderr, `${what} may still be there. Delete ${it} with\n${lines}`);
  };
  const [teller, run, reporter] = await Promise.all([
    progress(streams, env, verbose),
    deps.diagnose(),
    deps.reporter(format, failOn),
  ]);
  /** Ends a watch to which nobody listens (`| head`). */
  const unread = new AbortController();
  const { color, unicode } = look(streams.stdout, env, v.text('color'));
  const watched =
    request.watch === undefined
      ? null
      : await watching({
          ...{ format, deps },
          screen: redrawable(streams.stdout, env)
            ? { stream: streams.stdout, color, unicode, seconds: request.watch.seconds }
            : null,
          print: (text) =>
            write(streams.stdout, text, () => unread.abort(new Error('nobody reads the output any more'))),
          render: (report) => reporter.render(report, look(streams.stdout, env, v.text('color'), verbose)),
          onReport: () => teller.stop(),
        });
  const stop = (): void => {
    teller.stop();
    watched?.stop();
  };
  const work = async (signal: AbortSignal): Promise<number> => {
    const report = await run(request, {
      program: host.program,
      env,
      signal: AbortSignal.any([signal, unread.signal]),
      onProgress: (p) => {
        if (p.kind === 'note') said.push(p.text);
        const tell = (): void => teller.tell(p);
        if (watched === null) tell();
        // a spinner would turn in the midst of a live view
        else watched.aside(p.kind !== 'note' && !verbose, tell);
      },
      onLeftBehind: (node, command) => {
        if (command === null) leftBehind.delete(node);
        else leftBehind.set(node, command);
      },
      ...(watched === null ? {} : { watcher: watched.watcher }),
    });
    teller.stop();
    // an interruption ends a watch, which has an answer then
    if (watched !== null) await watched.end(report);
    // who interrupts anything else does not want half an answer
    else if (!signal.aborted)
      await write(streams.stdout, reporter.render(report, look(streams.stdout, env, v.text('color'), verbose)));
    if (watched !== null || !signal.aborted) await tellIdle(report, request.suppress, streams.stderr);
    return exitCode(report, failOn);
  };
  let forced = false;
  const code = await interruptible(work, {
    onSignal: deps.onSignal,
    now: deps.now,
    onForced: async () => {
      forced = true;
      stop();
      await tellLeftBehind();
    },
    onError: async (error) => {
      stop();
      await write(streams.stderr, errorText(error, verbose));
      await watched?.failed();
    },
  });
  stop();
  if (!forced) await tellLeftBehind();
  return code;
};

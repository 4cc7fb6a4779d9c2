import type { NodeRequest } from '../app/request.ts';
import { severities } from '../core/check.ts';
import { printable } from '../lib/printable.ts';
import { errorText } from './error-text.ts';
import { exitCode } from './exit-code.ts';
import type { FailOn } from './fail-on.ts';
import type { Host } from './host.ts';
import { interruptible } from './interruptible.ts';
import { look } from './look.ts';
import type { NodeFlag } from './node-conflicts.ts';
import { nodeRequest } from './node-request.ts';
import { type Format, outputFormat } from './output-format.ts';
import { progress } from './progress.ts';
import type { Values } from './values.ts';
import { write } from './write.ts';

const failOnOf = (text: string | undefined): FailOn =>
  text === 'never' ? text : (severities.find((s) => s === text) ?? 'warning');

/** Diagnoses, prints the report, and gives the exit code; tells what may be left on the cluster when it could not be deleted. */
const diagnose = async (request: NodeRequest, format: Format, v: Values<NodeFlag>, host: Host): Promise<number> => {
  const { streams, env, deps } = host;
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
    deps.diagnoseNode(),
    deps.reporter(format),
  ]);
  const work = async (signal: AbortSignal): Promise<number> => {
    const report = await run(request, {
      program: host.program,
      env,
      signal,
      onProgress: (p) => {
        if (p.kind === 'note') said.push(p.text);
        teller.tell(p);
      },
      onLeftBehind: (node, command) => {
        if (command === null) leftBehind.delete(node);
        else leftBehind.set(node, command);
      },
    });
    teller.stop();
    // who interrupts does not want half an answer
    if (!signal.aborted)
      await write(streams.stdout, reporter.render(report, look(streams.stdout, env, v.text('color'), verbose)));
    return exitCode(report, failOnOf(v.text('fail-on')));
  };
  let forced = false;
  const code = await interruptible(work, {
    onSignal: deps.onSignal,
    now: deps.now,
    onForced: async () => {
      forced = true;
      teller.stop();
      await tellLeftBehind();
    },
    onError: async (error) => {
      teller.stop();
      await write(streams.stderr, errorText(error, verbose));
    },
  });
  teller.stop();
  if (!forced) await tellLeftBehind();
  return code;
};

/** `netdoctor node`: diagnoses nodes, this machine or a bundle, or prints the collector. */
export const nodeCommand = async (v: Values<NodeFlag>, names: readonly string[], host: Host): Promise<number> => {
  const format = outputFormat(v.text('output'));
  const request = nodeRequest(v, names);
  if (!v.on('emit-collector')) return diagnose(request, format, v, host);
  const emit = await host.deps.emitCollector();
  await write(host.streams.stdout, emit(request));
  return 0;
};

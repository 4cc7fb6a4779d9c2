import yargs from 'yargs';
import { checksCommand } from './checks-command.ts';
import { cleanupCommand } from './cleanup-command.ts';
import { cleanupFlags } from './cleanup-flags.ts';
import { completionCommand } from './completion-command.ts';
import { completionFlags } from './completion-flags.ts';
import { explainCommand } from './explain-command.ts';
import type { Host } from './host.ts';
import { lintCommand } from './lint-command.ts';
import { lintFlags } from './lint-flags.ts';
import { nodeCommand } from './node-command.ts';
import { nodeFlags } from './node-flags.ts';
import { outputFlags } from './output-flags.ts';
import { podCommand } from './pod-command.ts';
import { podFlags } from './pod-flags.ts';
import { UsageError } from './usage-error.ts';
import { values } from './values.ts';
import { versionCommand } from './version-command.ts';
import { versionFlags } from './version-flags.ts';
import { write } from './write.ts';
import { yargsOptions } from './yargs-options.ts';

const exitCodes = (failed: string, unjudged: string): string => `Exit codes, in every output format:
  0  everything was judged, nothing at or above --fail-on
  1  netdoctor itself failed, was called wrongly, or ${failed}
  2  problems at or above --fail-on
  3  no such problem, but something could not be judged${unjudged}
  129, 130, 143  ended by SIGHUP, SIGINT (Ctrl-C), SIGTERM`;

const exitCodesOfRuns = exitCodes('nothing is known of any node', ' (a node that was not read, for example)');

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const texts = (value: unknown): readonly string[] => [value ?? []].flat().map(String);

/** yargs' complaint in kubectl's words. */
const complaint = (message: string, argv: readonly string[]): string => {
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(', ');
  if (!unknown) return message;
  const flag = unknown.find((u) => argv.some((a) => a === `--${u}` || a.startsWith(`--${u}=`)));
  return flag === undefined ? `unexpected argument: ${unknown.join(' ')}` : `unknown flag: --${flag}`;
};

/** Parses, runs the command, and gives its exit code; prints the help if that is asked. argv must be normalised. */
export const parseAndRun = async (argv: readonly string[], host: Host): Promise<number> => {
  let help = '';
  // handlers only say what is to be run: yargs renders its whole help, 20 ms, for each handler that gives it a promise
  let run = async (): Promise<number> => 0;
  const will = (command: () => Promise<number>): void => {
    run = command;
  };
  await yargs()
    .scriptName(host.program)
    .usage(
      'Usage: $0 <command>\n\nFinds network and shutdown faults of Kubernetes nodes and workloads, and says how to mend them.',
    )
    .detectLocale(false)
    .parserConfiguration({
      'greedy-arrays': false,
      'boolean-negation': false,
      'dot-notation': false,
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'duplicate-arguments-array': true,
    })
    .command(
      'node [names..]',
      'diagnose nodes by a short-lived pod on each, or this machine, or a bundle',
      (y) =>
        y
          .usage('Usage: $0 node <name>… | -l <selector> | --all | --local | --from <bundle> | --emit-collector')
          .positional('names', { type: 'string', array: true, describe: 'names of the nodes' })
          .options(yargsOptions(nodeFlags))
          .example('$0 node worker-3', 'diagnose a node by a short-lived pod')
          .example('$0 node -l role=web', 'diagnose several, and give one report')
          .example('sudo $0 node --local', 'diagnose this machine, without any API')
          .example('$0 node worker-3 -o json', 'the same for machines')
          .epilogue(exitCodesOfRuns),
      (a) => will(() => nodeCommand(values(a, nodeFlags), texts(a.names), host)),
    )
    .command(
      'pod [names..]',
      'diagnose pods and workloads: how they end and get ready, and the nodes that they are on',
      (y) =>
        y
          .usage('Usage: $0 pod <name>… | <kind>/<name>… | -l <selector> | --all | -A | --from <bundle>')
          .positional('names', {
            type: 'string',
            array: true,
            describe: 'pods, or what has pods: deploy/web, sts/db, ds/x, rs/x, job/x, svc/web',
          })
          .options(yargsOptions(podFlags))
          .example('$0 pod web-0 -n shop', 'diagnose a pod, and its node by a short-lived pod')
          .example('$0 pod deploy/web svc/api', 'the pods of a workload and of a Service')
          .example('$0 pod -l app=web -A', 'those with a label, in all namespaces')
          .example('$0 pod deploy/web --no-probe', 'ask the API alone')
          .epilogue(exitCodesOfRuns),
      (a) => will(() => podCommand(values(a, podFlags), texts(a.names), host)),
    )
    .command(
      'lint [files..]',
      'judge manifests by what their text alone can decide, offline',
      (y) =>
        y
          .usage('Usage: $0 lint -f <file|directory|->… [-R]')
          .positional('files', { type: 'string', array: true, describe: 'more files (-f *.yaml)' })
          .options(yargsOptions(lintFlags))
          .example('$0 lint -f manifests/ -R', 'all manifests below a directory')
          .example('helm template web ./chart | $0 lint -f -', 'what a chart comes to')
          .epilogue(exitCodes('a manifest could not be read (the others are judged all the same)', '')),
      (a) => will(() => lintCommand(values(a, lintFlags), texts(a.files), host)),
    )
    .command(
      'cleanup',
      'delete debug pods that earlier runs left',
      (y) =>
        y
          .usage('Usage: $0 cleanup [-n <namespace>] [--dry-run] [--force]')
          .options(yargsOptions(cleanupFlags))
          .example('$0 cleanup --dry-run', 'say what would be deleted'),
      (a) => will(() => cleanupCommand(values(a, cleanupFlags), host)),
    )
    .command(
      'checks',
      'list all checks',
      (y) => y.usage('Usage: $0 checks').options(yargsOptions(outputFlags)),
      (a) => will(() => checksCommand(values(a, outputFlags), host)),
    )
    .command(
      'explain [check]',
      'tell what a check is for and what it reads',
      (y) =>
        y
          .usage('Usage: $0 explain <check>')
          .positional('check', { type: 'string', describe: 'id of the check' })
          .options(yargsOptions({ color: outputFlags.color })),
      (a) => will(() => explainCommand(text(a.check), text([a.color].flat().at(-1)), host)),
    )
    .command(
      'completion [shell]',
      'complete commands, flags, nodes, pods and checks in the shell',
      (y) =>
        y
          .usage('Usage: $0 completion [bash|zsh|fish|powershell] | --install | --uninstall')
          .positional('shell', { type: 'string', describe: 'print the script for this shell' })
          .options(yargsOptions(completionFlags))
          .example('$0 completion --install', 'for "kubectl netdoctor", by kubectl\'s own completion')
          .example('source <(kubectl-netdoctor completion bash)', 'for the program kubectl-netdoctor'),
      (a) => will(() => completionCommand(values(a, completionFlags), text(a.shell), host)),
    )
    .command(
      'version',
      "print netdoctor's version",
      (y) => y.usage('Usage: $0 version').options(yargsOptions(versionFlags)),
      (a) => will(() => versionCommand(values(a, versionFlags).text('output'), host)),
    )
    .strict()
    .alias('help', 'h')
    .version(false)
    .option('version', { type: 'boolean', global: false, describe: "print netdoctor's version" })
    .wrap(Math.min(120, host.streams.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(complaint(message, argv));
    })
    .parseAsync([...argv], {}, (_error: unknown, _parsed: unknown, output: string) => {
      help = output;
    });
  if (help !== '') {
    await write(host.streams.stdout, `${help}\n`);
    return 0;
  }
  return await run();
};

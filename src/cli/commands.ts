import { cleanupFlags } from './cleanup-flags.ts';
import type { Command } from './command.ts';
import { shells } from './completion/shells.ts';
import { completionFlags } from './completion-flags.ts';
import { lintFlags } from './lint-flags.ts';
import { nodeFlags } from './node-flags.ts';
import { outputFlags } from './output-flags.ts';
import { podFlags } from './pod-flags.ts';
import { versionFlags } from './version-flags.ts';

const exitCodes = (failed: string, unjudged: string): NonNullable<Command['exitCodes']> => [
  ['0', 'everything was judged, nothing at or above --fail-on'],
  ['1', `netdoctor itself failed, was called wrongly, or ${failed}`],
  ['2', 'problems at or above --fail-on'],
  ['3', `no such problem, but something could not be judged${unjudged}`],
  ['129, 130, 143', 'ended by SIGHUP, SIGINT (Ctrl-C), SIGTERM'],
];

const exitCodesOfRuns = exitCodes('nothing is known of any node', ' (a node that was not read, for example)');

/** All commands, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  {
    name: 'node',
    group: 'Diagnosis:',
    quick: false,
    about: 'Diagnose nodes by a short-lived pod on each, or this machine, or a bundle.',
    usage: ['<name>...', '-l <selector> | --all', '--local', '--from <bundle>', '--emit-collector'],
    names: 'many',
    completes: 'nodes',
    examples: [
      { about: 'Diagnose a node by a short-lived pod', line: '$0 node worker-3' },
      { about: 'Diagnose all nodes with a label, in one report', line: '$0 node -l role=web' },
      { about: 'The same for machines', line: '$0 node worker-3 -o json' },
      { about: 'Say for ten minutes what fails, while it fails', line: '$0 node worker-3 --watch-for 10m' },
      { about: 'Keep what was read, and judge it again without a cluster', line: '$0 node worker-3 --save w3.bundle' },
      { about: 'Judge what was counted since then', line: '$0 node worker-3 --since w3.bundle' },
      { about: 'Diagnose this machine, without any API', line: 'sudo $0 node --local' },
      { about: 'Print the program that reads a node, for one without an API', line: '$0 node --emit-collector' },
    ],
    flags: nodeFlags,
    exitCodes: exitCodesOfRuns,
  },
  {
    name: 'pod',
    group: 'Diagnosis:',
    quick: false,
    about: 'Diagnose pods and workloads: how they end and get ready, and the nodes that they are on.',
    more: 'A name is that of a pod, or of what has pods: deploy/web, sts/db, ds/x, rs/x, job/x, svc/web.',
    usage: ['<name>... | <kind>/<name>...', '-l <selector> | --all | -A', '--from <bundle>'],
    names: 'many',
    completes: 'pods',
    examples: [
      { about: 'Diagnose a pod, and its node by a short-lived pod', line: '$0 pod web-0 -n shop' },
      { about: 'Diagnose the pods of a workload and those of a Service', line: '$0 pod deploy/web svc/api' },
      { about: 'Diagnose pods with a label, in all namespaces', line: '$0 pod -l app=web -A' },
      { about: 'Make no pod, ask the API alone', line: '$0 pod deploy/web --no-probe' },
    ],
    flags: podFlags,
    exitCodes: exitCodesOfRuns,
  },
  {
    name: 'lint',
    group: 'Diagnosis:',
    quick: false,
    about: 'Judge manifests by what their text alone can decide, offline.',
    usage: ['-f <file|directory|->... [-R]'],
    names: 'many',
    completes: 'files',
    examples: [
      { about: 'Judge all manifests below a directory', line: '$0 lint -f manifests/ -R' },
      { about: 'Judge what a chart comes to', line: 'helm template web ./chart | $0 lint -f -' },
    ],
    flags: lintFlags,
    exitCodes: exitCodes('a manifest could not be read (the others are judged all the same)', ''),
  },
  {
    name: 'checks',
    group: 'Other commands:',
    quick: true,
    about: 'List all checks, offline.',
    usage: [''],
    names: 'none',
    examples: [
      { about: 'List all checks', line: '$0 checks' },
      { about: 'The same for machines', line: '$0 checks -o json' },
    ],
    flags: outputFlags,
  },
  {
    name: 'explain',
    group: 'Other commands:',
    quick: true,
    about: 'Tell what a check is for and what it reads, offline.',
    usage: ['<check>'],
    names: 'one',
    completes: 'check',
    examples: [{ about: 'Tell what a check is for', line: '$0 explain ports/nodeport-overlap' }],
    flags: { color: outputFlags.color },
  },
  {
    name: 'cleanup',
    group: 'Other commands:',
    quick: false,
    about: 'Delete debug pods that earlier runs left.',
    usage: [''],
    names: 'none',
    examples: [
      { about: 'Only say what would be deleted', line: '$0 cleanup --dry-run' },
      { about: 'Delete what is left in one namespace', line: '$0 cleanup -n kube-system' },
    ],
    flags: cleanupFlags,
  },
  {
    name: 'completion',
    group: 'Other commands:',
    quick: true,
    about: 'Complete commands, flags, nodes, pods and checks in the shell.',
    usage: [shells.join('|'), '--install', '--uninstall'],
    names: 'one',
    completes: shells,
    examples: [
      { about: 'Complete "kubectl netdoctor", by kubectl\'s own completion', line: '$0 completion --install' },
      { about: 'Tell how each shell is set up', line: '$0 completion' },
      { about: 'Print the script for bash', line: '$0 completion bash' },
    ],
    flags: completionFlags,
  },
  {
    name: 'version',
    group: 'Other commands:',
    quick: true,
    about: "Print netdoctor's version.",
    usage: [''],
    names: 'none',
    examples: [
      { about: "Print netdoctor's version", line: '$0 version' },
      { about: 'The same for machines', line: '$0 version -o json' },
    ],
    flags: versionFlags,
  },
  {
    name: 'options',
    group: 'Other commands:',
    quick: true,
    about: 'List the options of all commands that ask a cluster.',
    usage: [''],
    names: 'none',
    examples: [{ about: 'List them', line: '$0 options' }],
    flags: {},
  },
  {
    name: 'help',
    group: 'Other commands:',
    quick: true,
    about: 'Tell how a command is used.',
    usage: ['[command]'],
    names: 'one',
    completes: 'command',
    examples: [{ about: 'Tell how nodes are diagnosed', line: '$0 help node' }],
    flags: {},
  },
];

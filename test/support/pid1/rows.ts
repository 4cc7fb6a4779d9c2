import { nodeProgram } from './node-program.ts';
import type { Row, Verdict } from './row.ts';

type Verdicts = readonly [shellEntrypoint: Verdict, sigtermIgnored: Verdict];

const row = (
  name: string,
  command: readonly string[],
  fate: Row['fate'],
  exitCode: number,
  [shellEntrypoint, sigtermIgnored]: Verdicts,
  more: { readonly image?: Row['image']; readonly spec?: object; readonly raced?: true } = {},
): Row => ({
  name,
  command,
  image: more.image ?? '1',
  spec: more.spec ?? {},
  records: /witness|scripts|WITNESS/.test(command.join(' ')),
  fate,
  raced: more.raced ?? false,
  exitCode,
  verdicts: { 'shutdown/shell-entrypoint': shellEntrypoint, 'shutdown/sigterm-ignored': sigtermIgnored },
});

const reacts: Verdicts = ['pass', 'pass'];
const ignores: Verdicts = ['pass', 'fail'];
const shell: Verdicts = ['fail', 'not-applicable'];
const trap: Verdicts = ['cannot-tell', 'not-applicable'];
const unseen: Verdicts = ['pass', 'cannot-tell'];
const raced = { raced: true } as const;

/** A program as PID 1 (facts.md K.3). */
const programs: readonly Row[] = [
  row('sleep', ['sleep', '3600'], 'hangs', 137, ignores),
  row('busybox-sleep', ['/applets/sleep', '3600'], 'hangs', 137, ignores),
  row('go-graceful', ['witness', 'graceful', '1'], 'finishes', 0, reacts),
  row('go-plain', ['witness', 'plain'], 'dies', 2, reacts),
  row('go-ignore', ['witness', 'ignore'], 'hangs', 137, ignores),
  row('perl-handler', ['perl', '/scripts/handles.pl', 'TERM'], 'finishes', 0, reacts),
  row('perl-other-handler', ['perl', '/scripts/handles.pl', 'QUIT'], 'hangs', 137, ignores),
  row('perl-child', ['perl', '-e', 'system("witness", "graceful", "1")'], 'hangs', 137, ignores),
  row('perl-sigwait', ['perl', '/scripts/waits.pl'], 'finishes', 0, unseen),
  row('nohup', ['dash', '-c', "trap '' TERM; exec sleep 3600"], 'hangs', 137, ignores),
  row('timeout', ['timeout', '3600', 'witness', 'graceful', '1'], 'finishes', 0, reacts),
  row('node-plain', nodeProgram(null), 'hangs', 137, unseen),
  row('node-handler', nodeProgram('SIGTERM'), 'finishes', 0, unseen),
];

/** Whether a shell becomes its last command (facts.md K.4): where it does, the program is PID 1. */
const forms: readonly (readonly [name: string, script: string, becomesIt: readonly string[]])[] = [
  ['c', 'witness graceful 1', ['bash', 'ash']],
  ['list', 'true; witness graceful 1', ['bash', 'ash']],
  ['and', 'true && witness graceful 1', ['bash', 'ash']],
  ['assign', 'A=1 witness graceful 1', ['bash', 'ash']],
  ['redirect', 'witness graceful 1 >/dev/null', ['ash']],
  ['if', 'if true; then witness graceful 1; fi', ['ash']],
  ['subshell', '(witness graceful 1)', ['ash']],
  ['pipe', 'witness graceful 1 | cat', []],
  ['not-last', 'witness graceful 1; true', []],
  ['wait', 'witness graceful 1 & wait', []],
  ['exec', 'exec witness graceful 1', ['dash', 'bash', 'ash']],
];

const shells: readonly Row[] = ['dash', 'bash', 'ash'].flatMap((sh) => [
  ...forms.map(([name, script, becomesIt]) =>
    becomesIt.includes(sh)
      ? row(`${sh}-${name}`, [sh, '-c', script], 'finishes', 0, reacts)
      : row(`${sh}-${name}`, [sh, '-c', script], 'hangs', 137, shell),
  ),
  row(`${sh}-script`, [sh, '/scripts/last.sh'], 'hangs', 137, shell),
  row(`${sh}-script-exec`, [sh, '/scripts/exec.sh', 'witness', 'graceful', '1'], 'finishes', 0, reacts),
  row(`${sh}-ignore`, [sh, '-c', "trap '' TERM; witness graceful 1; true"], 'hangs', 137, ignores),
  // a trap is run only when the foreground child has ended
  row(`${sh}-trap-waiting`, [sh, '-c', "trap 'exit 0' TERM; witness graceful 1; true"], 'hangs', 137, trap),
  row(`${sh}-trap-exit`, [sh, '-c', `trap 'exit 0' TERM; witness graceful 1 & wait "$!"`], 'killed', 0, trap),
  row(
    `${sh}-trap-forward`,
    [sh, '-c', `trap 'kill -TERM "$pid"; wait "$pid"' TERM; witness graceful 1 & pid=$!; wait "$pid"`],
    'finishes',
    143,
    reacts,
  ),
  row(`${sh}-function-forward`, [sh, '/scripts/forwards.sh'], 'finishes', 143, reacts),
  // the trap ends the wait, and nothing waits again
  row(
    `${sh}-trap-forward-only`,
    [sh, '-c', `trap 'kill -TERM "$pid"' TERM; witness graceful 1 & pid=$!; wait "$pid"`],
    'killed',
    143,
    trap,
    raced,
  ),
]);

/** In bash a trap for EXIT means that it ends on TERM, even while it waits for a foreground child; in the others TERM is nothing to it. */
const exitTraps: readonly Row[] = ['dash', 'bash', 'ash'].flatMap((sh) => [
  row(
    `${sh}-exit-trap`,
    [sh, '-c', `trap 'kill -TERM "$pid"; wait "$pid"' EXIT; witness graceful 1 & pid=$!; wait "$pid"`],
    sh === 'bash' ? 'finishes' : 'hangs',
    sh === 'bash' ? 143 : 137,
    sh === 'bash' ? trap : shell,
  ),
  row(
    `${sh}-exit-trap-waiting`,
    [sh, '-c', `trap 'true' EXIT; witness graceful 1; true`],
    sh === 'bash' ? 'killed' : 'hangs',
    sh === 'bash' ? 143 : 137,
    sh === 'bash' ? trap : shell,
  ),
]);

const moreShells: readonly Row[] = [
  row('shebang-script', ['/scripts/last.sh'], 'hangs', 137, shell),
  row('busybox-sh', ['busybox', 'sh', '-c', 'witness graceful 1; true'], 'hangs', 137, shell),
];

/** Behind a small init. */
const inits: readonly Row[] = [
  ...['tini', 'docker-init', 'dumb-init', 'catatonit'].flatMap((init) => [
    row(`${init}-program`, [init, '--', 'witness', 'graceful', '1'], 'finishes', 0, reacts),
    row(`${init}-sleep`, [init, '--', 'sleep', '3600'], 'dies', 143, reacts),
    row(`${init}-exec`, [init, '--', 'dash', '-c', 'exec witness graceful 1'], 'finishes', 0, reacts),
    row(
      `${init}-shell`,
      [init, '--', 'dash', '-c', 'witness graceful 1; true'],
      'killed',
      143,
      shell,
      // it signals the whole process group, but waits for the shell only
      init === 'dumb-init' ? raced : {},
    ),
  ]),
  row('tini-group-shell', ['tini', '-g', '--', 'dash', '-c', 'witness graceful 1; true'], 'killed', 143, shell, raced),
  row('tini-ignore', ['tini', '--', 'witness', 'ignore'], 'hangs', 137, ignores),
  row('tini-node', ['tini', '--', ...nodeProgram(null)], 'dies', 143, reacts),
];

const quit = { image: 'quit' } as const;
const shared = { spec: { shareProcessNamespace: true } };
const host = { spec: { hostPID: true } };

/** Another stop signal, and other PID namespaces. */
const others: readonly Row[] = [
  row('quit-handled', ['perl', '/scripts/handles.pl', 'QUIT'], 'finishes', 0, reacts, quit),
  row('quit-dropped', ['perl', '/scripts/handles.pl', 'TERM'], 'hangs', 137, ignores, quit),
  row('quit-go', ['witness', 'graceful', '1', 'SIGQUIT'], 'finishes', 0, reacts, quit),
  row('quit-node', nodeProgram('SIGTERM'), 'hangs', 137, ignores, quit),
  row('quit-node-handler', nodeProgram('SIGQUIT'), 'finishes', 0, reacts, quit),
  row('quit-shell', ['dash', '-c', 'witness graceful 1; true'], 'hangs', 137, shell, quit),
  row('shared-sleep', ['sleep', '3600'], 'dies', 143, reacts, shared),
  row('shared-program', ['witness', 'graceful', '1'], 'finishes', 0, reacts, shared),
  row('shared-shell', ['dash', '-c', 'witness graceful 1; true'], 'killed', 143, shell, shared),
  row('host-sleep', ['sleep', '3600'], 'dies', 143, ['not-applicable', 'not-applicable'], host),
];

/** All of them. */
export const rows: readonly Row[] = [...programs, ...shells, ...exitTraps, ...moreShells, ...inits, ...others];

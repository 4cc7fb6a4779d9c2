import { wrap } from '../lib/wrap.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { connectionFlags } from './connection-flags.ts';
import type { Flag, Flags } from './flag.ts';
import { ownFlags } from './own-flags.ts';

/** The columns that flags and commands take, with the blanks behind them. */
const flagColumn = 34;
const commandColumn = 12;

const emptyOf: Readonly<Record<Flag['kind'], string>> = { text: "''", list: '[]', switch: 'false', level: '0' };

/** `-n, --namespace=''`, with the value that holds where it is not given, as kubectl writes it. */
const flagText = (name: string, { kind, short, otherwise }: Flag): string => {
  const letter = short === undefined ? '    ' : `-${short}, `;
  return `${letter}--${name}=${otherwise === undefined ? emptyOf[kind] : kind === 'text' ? `'${otherwise}'` : otherwise}`;
};

/** A word and what it means in a column of its own, below it where the word is too wide. */
const row = (word: string, about: string, column: number, width: number): readonly string[] => {
  const first = `  ${word}`;
  const lines = wrap(about, width - column).map((line) => ' '.repeat(column) + line);
  const [line = ''] = lines;
  return first.length + 2 > column ? [first, ...lines] : [first + line.slice(first.length), ...lines.slice(1)];
};

const flagRows = (flags: Flags, width: number): readonly string[] =>
  Object.entries(flags).flatMap(([name, flag]) =>
    row(flagText(name, flag), flag.oneOf ? `${flag.about} (${flag.oneOf.join(', ')})` : flag.about, flagColumn, width),
  );

/** The flags in their groups, but for those that `options` lists. */
const groupsOf = (flags: Flags, width: number): readonly string[] => {
  const shared: Flags = connectionFlags;
  const own = Object.entries(flags).filter(([name, flag]) => shared[name] !== flag);
  const groups = Map.groupBy(own, ([, flag]) => flag.group);
  return [...groups].flatMap(([group, of]) => [group, ...flagRows(Object.fromEntries(of), width), '']);
};

const hint = (program: string): string =>
  `Use "${program} options" for a list of global command-line options (applies to all commands that ask a cluster).`;

const ofCommand = (command: Command, program: string, width: number): readonly string[] => [
  ...wrap(command.about, width),
  '',
  ...(command.more === undefined ? [] : [...wrap(command.more, width), '']),
  'Examples:',
  ...command.examples.flatMap((e, i) => [
    ...(i === 0 ? [] : ['']),
    `  # ${e.about}`,
    `  ${e.line.replace('$0', program)}`,
  ]),
  '',
  ...groupsOf(command.flags, width),
  'Usage:',
  ...command.usage.map((u) => `  ${[program, command.name, u, '[options]'].filter((w) => w !== '').join(' ')}`),
  ...(command.exitCodes
    ? [
        '',
        'Exit codes, in every output format:',
        ...command.exitCodes.flatMap(([code, meaning]) => row(code, meaning, code.length + 4, width)),
      ]
    : []),
  ...('kubeconfig' in command.flags ? ['', ...wrap(hint(program), width)] : []),
];

const ofAll = (program: string, width: number): readonly string[] => [
  ...wrap('Finds network and shutdown faults of Kubernetes nodes and workloads, and says how to mend them.', width),
  '',
  'Examples:',
  ...commands
    .filter((c) => c.group === 'Diagnosis:')
    .flatMap((c) => c.examples.slice(0, 1))
    .flatMap((e, i) => [...(i === 0 ? [] : ['']), `  # ${e.about}`, `  ${e.line.replace('$0', program)}`]),
  '',
  ...[...Map.groupBy(commands, (c) => c.group)].flatMap(([group, of]) => [
    group,
    ...of.flatMap((c) => row(c.name, c.about, commandColumn, width)),
    '',
  ]),
  'Options:',
  ...flagRows(ownFlags, width),
  '',
  'Usage:',
  `  ${program} <command> [options]`,
  '',
  ...wrap(`Use "${program} <command> --help" for more information about a given command.`, width),
  ...wrap(hint(program), width),
];

const ofOptions = (program: string, width: number): readonly string[] => [
  'The following options can be passed to any command that asks a cluster:',
  '',
  ...flagRows({ ...connectionFlags, help: ownFlags.help }, width),
  '',
  ...wrap(`Use "${program} <command> --help" for the options of a given command.`, width),
];

/** What is told: of one command, of the options that many have, or, with null, of all commands. `columns` is how wide the terminal is, if it is one. */
export const helpText = (of: Command | 'options' | null, program: string, columns: number | undefined): string => {
  const width = Math.min(120, Math.max(80, columns ?? 80));
  const lines =
    of === null ? ofAll(program, width) : of === 'options' ? ofOptions(program, width) : ofCommand(of, program, width);
  return `${lines.join('\n')}\n`;
};

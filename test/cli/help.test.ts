import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { connectionFlags } from '../../src/cli/connection-flags.ts';
import { runCli } from '../support/cli-run.ts';

const help = async (line: string, argv1 = '/usr/bin/kubectl-netdoctor'): Promise<string> => {
  const { code, stdout, stderr } = await runCli(line, { argv1 });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

/** On a terminal of that width. */
const onTerminal = async (line: string, columns: number): Promise<string> => {
  const stdout = Object.assign(new PassThrough(), { columns, isTTY: true });
  await runCli(line, { stdout });
  return String(stdout.read());
};

const names = commands.map((c) => c.name);
const pages = ['--help', 'options', ...names.map((name) => `${name} --help`)];

describe('how it reads', () => {
  test.each(pages)('%s', async (line) => {
    expect(await help(line)).toMatchSnapshot();
  });

  test.each(pages)('%s is ASCII, and no wider than the terminal', async (line) => {
    for (const [columns, most] of [
      [20, 80],
      [80, 80],
      [100, 100],
      [300, 120],
    ] as const) {
      const text = await onTerminal(line, columns);
      expect(text).toMatch(/^[\n -~]*$/);
      expect(Math.max(...text.split('\n').map((l) => l.length))).toBeLessThanOrEqual(most);
    }
    expect(await onTerminal(line, 80)).toBe(await help(line));
  });

  test('the order is that of kubectl: what it does, examples, options in groups, usage', async () => {
    const text = await help('node --help');
    const parts = [
      'Diagnose nodes',
      '\nExamples:\n  # ',
      '\nWhich nodes:\n',
      '\nOutput:\n',
      '\nUsage:\n  kubectl netdoctor node ',
    ];
    expect(parts.map((p) => text.indexOf(p)).every((at, i, all) => at >= 0 && at > (all[i - 1] ?? -1))).toBe(true);
  });
});

describe('how it is asked for', () => {
  test.each(['', '-h', 'help', '-v', '--context c', '--help=true'])('"%s" is --help', async (line) => {
    expect(await help(line)).toBe(await help('--help'));
  });

  test.each([
    'node -h',
    'help node',
    '-h node',
    'node worker-3 --help',
    'node --all --local -h',
    '--context c help node',
  ])('"%s" is node --help', async (line) => {
    expect(await help(line)).toBe(await help('node --help'));
  });

  test('help options is options', async () => {
    expect(await help('help options')).toBe(await help('options --help'));
  });

  test('what follows -- is a name, and what follows a flag its value', async () => {
    expect((await runCli('node -- --help')).stderr).toContain('unexpected argument: --help');
    expect((await runCli('node vm1 --context --help')).requests[0]?.source).toMatchObject({
      flags: { context: '--help' },
    });
    expect((await runCli('node vm1 --help=false')).stderr).toBe('');
  });

  test.each([
    ['help nod', 'unknown command "nod" for "kubectl netdoctor"; did you mean node or pod?'],
    ['help node pod', 'unexpected argument: pod'],
    ['options node', 'unexpected argument: node'],
    ['version node', 'unexpected argument: node'],
    ['checks --outptu json', 'unknown flag: --outptu; did you mean --output?'],
  ])('%s: %s', async (line, message) => {
    const { code, stdout, stderr } = await runCli(line);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`error: ${message}\n`);
  });
});

describe('what it tells', () => {
  test.each([
    ['/usr/local/bin/kubectl-netdoctor', 'kubectl netdoctor'],
    ['/home/me/bin/netdoctor.js', 'netdoctor'],
  ])('called as %s it says %s, and never the other', async (argv1, program) => {
    for (const page of pages) {
      const text = await help(page, argv1);
      const called = [...text.matchAll(/(?:kubectl )?netdoctor(?= (?:node|pod|lint|options|<command>))/g)].map(
        (m) => m[0],
      );
      expect(new Set(called)).toEqual(called.length > 0 ? new Set([program]) : new Set());
    }
  });

  test.each(commands)('each flag of $name is in one group, or in options', async ({ name, flags }) => {
    const text = await help(`${name} --help`);
    const options = await help('options');
    for (const flag of Object.keys(flags)) {
      const times = (of: string): number =>
        [...of.matchAll(/^ {2}(?:-\w, | {4})--([\w-]+)=/gm)].filter(([, f]) => f === flag).length;
      const [own, shared] = [times(text), times(options)];
      // pods and lint have a --namespace of their own
      expect([flag, flag === 'namespace' ? own <= 1 : own + shared === 1]).toEqual([flag, true]);
      expect(own + shared).toBeGreaterThan(0);
    }
    const groups = [...text.matchAll(/^(\S.*:)$/gm)].map((m) => m[1]);
    expect(new Set(groups).size).toBe(groups.length);
  });

  test('options are those that the commands share which ask a cluster', async () => {
    const options = await help('options');
    for (const flag of Object.keys(connectionFlags)) expect(options).toContain(`--${flag}=`);
    for (const { name, flags } of commands) {
      const told = (await help(`${name} --help`)).includes('Use "kubectl netdoctor options"');
      expect([name, told]).toEqual([name, 'kubeconfig' in flags]);
    }
  });

  test('every command is listed, with what it does', async () => {
    const text = (await help('--help')).replace(/\n {12}/g, ' ');
    for (const { name, about } of commands) expect(text).toContain(`  ${name.padEnd(9)} ${about}\n`);
  });
});

describe('examples', () => {
  const examples = commands.flatMap((c) => c.examples.map((e) => [e.line, c] as const));

  test.each(examples)('%s', async (line, command) => {
    const words = /\$0 (.*)$/.exec(line)?.[1] ?? '';
    expect(words.split(' ')[0]).toBe(command.name);
    const { code, stderr } = await runCli(words);
    expect({ code, stderr: stderr.replace('No leftovers found.\n', '') }).toEqual({ code: 0, stderr: '' });
  });

  test.each(commands)('$name has one, and says what it is for', ({ examples }) => {
    expect(examples.length).toBeGreaterThan(0);
    for (const { about, line } of examples) {
      expect(about).toMatch(/^[A-Z].*[^.]$/);
      expect(line).toContain('$0 ');
    }
  });
});

describe('near names', () => {
  test.each([
    ['node --namspace x', 'unknown flag: --namspace; did you mean --namespace?'],
    ['node vm1 --wach-for 10m', 'unknown flag: --wach-for; did you mean --watch-for?'],
    ['lint --filname a', 'unknown flag: --filname; did you mean --filename?'],
    ['cleanup --dryrun', 'unknown flag: --dryrun; did you mean --dry-run?'],
    ['explian ports/exhaustion', 'unknown command "explian" for "kubectl netdoctor"; did you mean explain?'],
    [
      'explain ports/nodeport-overlp',
      'there is no check "ports/nodeport-overlp"; did you mean ports/nodeport-overlap?',
    ],
    ['node --bogus', 'unknown flag: --bogus\n'],
    ['frobnicate', 'unknown command "frobnicate" for "kubectl netdoctor"\n'],
    ['checks --window 2s', 'unknown flag: --window\n'],
    ['pod --emit-collector', 'unknown flag: --emit-collector\n'],
    ['node --\x1b[31mred', 'unknown flag: --\\x1b[31mred\n'],
  ])('%j: %s', async (line, message) => {
    const { code, stdout, stderr } = await runCli(line);
    expect(stderr).toContain(`error: ${message}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

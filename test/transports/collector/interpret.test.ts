import { expect, it } from 'vitest';
import { command, file, http, type NodeRead, type Output, script } from '../../../src/core/read.ts';
import { interpret } from '../../../src/transports/collector/interpret.ts';
import { answerLimitBytes } from '../../../src/transports/collector/program.ts';

const [f, c, h, s] = [
  file('/etc/x'),
  command('ss', ['ss']),
  http('127.0.0.1:1', '/p'),
  script('s', 's', ':', { sampling: 'often' }),
];
const output = (exit: number, stderr = '', stdout = '', sample = 0): Output => ({
  stdout,
  stderr,
  exit,
  sample,
  atMs: 0,
});
const said = (read: NodeRead, ...outputs: [Output, ...Output[]]): string => {
  const raw = interpret(read, outputs);
  return raw.ok ? `ok: ${raw.outputs.map((o) => o.stdout).join('|')}` : `${raw.gap.kind}: ${raw.gap.detail}`;
};

it.each<[string, NodeRead, [Output, ...Output[]], string]>([
  ['exit 0', f, [output(0, '', 'x')], 'ok: x'],
  ['exit 0 with a warning', c, [output(0, 'Permission denied', 'x')], 'ok: x'],
  ['several', s, [output(0, '', 'x'), output(0, '', 'y', 1)], 'ok: x|y'],
  ['one of several failed', s, [output(0, '', 'x'), output(2, 'no', '', 1)], 'failed: script:s: exit 2, no'],
  ['no file: coreutils', f, [output(1, 'cat: /etc/x: No such file or directory\n')], 'absent: /etc/x does not exist'],
  [
    'no file: busybox',
    f,
    [output(1, "cat: can't open '/etc/x': No such file or directory\n")],
    'absent: /etc/x does not exist',
  ],
  [
    'a file where a directory should be',
    f,
    [output(1, 'cat: /etc/x: Not a directory\n')],
    'absent: /etc/x does not exist',
  ],
  [
    'forbidden: coreutils',
    f,
    [output(1, 'cat: /etc/x: Permission denied\n')],
    'forbidden: cat: /etc/x: Permission denied',
  ],
  [
    'forbidden: busybox',
    f,
    [output(1, "cat: can't open '/etc/x': Permission denied\n")],
    "forbidden: cat: can't open '/etc/x': Permission denied",
  ],
  [
    'forbidden by the kernel',
    f,
    [output(1, 'cat: /proc/1/x: Operation not permitted\n')],
    'forbidden: cat: /proc/1/x: Operation not permitted',
  ],
  ['a directory', f, [output(1, 'cat: /etc/x: Is a directory\n')], 'failed: cat: /etc/x: Is a directory'],
  ['no words at all', f, [output(1)], 'failed: /etc/x: exit 1'],
  ['ended by TERM', c, [output(143)], 'timeout: command:ss: no answer in time'],
  ['ended by KILL', c, [output(137, 'Killed\nno answer within 10 s\n')], 'timeout: command:ss: no answer within 10 s'],
  [
    'no program: chroot of coreutils',
    c,
    [output(127, "chroot: failed to run command 'ss': No such file or directory\n")],
    "tool-missing: chroot: failed to run command 'ss': No such file or directory",
  ],
  [
    'no program: chroot of busybox',
    c,
    [output(127, "chroot: can't execute 'ss': No such file or directory\n")],
    "tool-missing: chroot: can't execute 'ss': No such file or directory",
  ],
  ['no program: the shell', c, [output(127, 'sh: 1: ss: not found\n')], 'tool-missing: sh: 1: ss: not found'],
  ['no program, no words', c, [output(127)], 'tool-missing: command:ss: not there'],
  ['not executable', c, [output(126, 'sh: ss: cannot execute\n')], 'tool-missing: sh: ss: cannot execute'],
  [
    'no right to chroot',
    c,
    [output(125, "chroot: cannot change root directory to '/host': Operation not permitted\n")],
    "forbidden: chroot: cannot change root directory to '/host': Operation not permitted",
  ],
  [
    'the program failed',
    c,
    [output(255, 'Cannot open netlink socket\nmore\n')],
    'failed: command:ss: exit 255, Cannot open netlink socket',
  ],
  [
    'refused',
    h,
    [output(7, "curl: (7) Failed to connect to 127.0.0.1 port 1: Couldn't connect to server\n")],
    "failed: http:/p: exit 7, curl: (7) Failed to connect to 127.0.0.1 port 1: Couldn't connect to server",
  ],
  [
    'too slow: curl',
    h,
    [output(28, 'curl: (28) Operation timed out after 3001 milliseconds\n')],
    'timeout: http:/p: no answer in time',
  ],
  [
    'neither curl nor wget',
    h,
    [output(127, 'neither curl nor wget here\n')],
    'tool-missing: neither curl nor wget here',
  ],
  [
    'a script without awk: dash',
    s,
    [output(127, 'sh: 12: awk: not found\n')],
    'tool-missing: script:s: awk is not there',
  ],
  [
    'a script without awk: bash',
    s,
    [output(127, 'bash: line 3: awk: command not found\n')],
    'tool-missing: script:s: awk is not there',
  ],
  [
    'a script without awk: busybox',
    s,
    [output(127, 'awk: applet not found\n')],
    'tool-missing: script:s: awk is not there',
  ],
  ['a script that failed', s, [output(2, 'awk: syntax error\n')], 'failed: script:s: exit 2, awk: syntax error'],
  ['a script that failed without words', s, [output(1)], 'failed: script:s: exit 1'],
  ['just the limit', f, [output(0, '', 'é'.repeat(answerLimitBytes / 2))], `ok: ${'é'.repeat(answerLimitBytes / 2)}`],
  [
    'more than the limit, in bytes',
    f,
    [output(0, '', `${'é'.repeat(answerLimitBytes / 2)}x`)],
    'truncated: file:/etc/x: the answer is longer than 1048576 bytes',
  ],
  [
    'more than the limit, and the writer was stopped by that',
    c,
    [output(141, '', 'x'.repeat(answerLimitBytes + 1))],
    'truncated: command:ss: the answer is longer than 1048576 bytes',
  ],
])('%s', (_, read, outputs, want) => expect(said(read, ...outputs)).toBe(want));

import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idOf } from '../support/pods.ts';
import { tempDir } from '../transports/collector/run-program.ts';
import { asleep, childrenOf, kill, newCgroup, put, start, until } from './container.ts';
import { engines, keyOf, processesOf } from './pod-engines.ts';

const app = '/usr/bin/sleep 1000';
const passing = [
  `trap 'kill -TERM "$pid"; wait "$pid"' TERM; ${app} & pid=$!; wait "$pid"`,
  `trap 'kill "$pid"; wait "$pid"; exit 0' TERM INT; ${app} & pid=$!; wait "$pid"`,
  `trap -- 'kill -s TERM $pid; wait $pid' INT TERM\n${app} &\npid=$!\nwait $pid\n`,
  `trap 'kill -15 $!; wait $!' 15; ${app} & wait $!`,
  `trap 'kill -QUIT "$pid" 2>/dev/null; wait "$pid"' TERM\n${app} & pid=$!\nwait "$pid"`,
  `trap 'kill -TERM "$pid"' TERM\n${app} & pid=$!\nwait "$pid"; trap - TERM; wait "$pid"`,
  `trap 'kill -TERM "$pid"' TERM INT\n${app} &\npid=$!\nwait $pid\ntrap - TERM INT\nwait $pid\necho ended`,
  `stop() {\n  kill -TERM "$child"\n  wait "$child"\n}\ntrap stop TERM INT\n${app} &\nchild=$!\nwait "$child"`,
  `stop() { kill -TERM "\${child}"; wait "\${child}"; exit 0; }\ntrap stop TERM\nfor i in 1; do true; done\n${app} &\nchild=$!\nwait "$child"`,
];
const others = [
  `trap 'exit 0' TERM; ${app} & wait "$!"`,
  `trap 'exit 0' TERM; ${app}; true`,
  // it ends before its child does
  `trap 'kill -TERM "$pid"' TERM; ${app} & pid=$!; wait "$pid"`,
  `trap 'kill -TERM "$pid"; exit 0' TERM; ${app} & pid=$!; wait "$pid"; wait`,
  `trap 'kill -TERM "$pid"; exit; wait "$pid"' TERM; ${app} & pid=$!; wait "$pid"`,
  `set -e\ntrap 'kill -TERM "$pid"' TERM\n${app} & pid=$!\nwait "$pid"; trap - TERM; wait "$pid"`,
  // another signal, or none; dash's kill knows no names that begin with SIG
  `trap 'kill -SIGTERM "$pid"; wait "$pid"' TERM; ${app} & pid=$!; wait "$pid"`,
  `trap 'kill -9 "$pid"; wait "$pid"' TERM; ${app} & pid=$!; wait "$pid"`,
  `trap 'kill -KILL "$pid"; wait "$pid"' TERM; ${app} & pid=$!; wait "$pid"`,
  `trap 'kill -0 "$pid"; wait "$pid"' TERM; ${app} & pid=$!; wait "$pid"`,
  `trap 'kill -HUP "$pid"; wait "$pid"' TERM; ${app} & pid=$!; wait "$pid"`,
  `trap 'kill -TERM $$; wait' TERM; ${app} & pid=$!; wait "$pid"`,
  `trap 'wait "$pid"' TERM; ${app} & pid=$!; wait "$pid"; kill $pid`,
  // on another signal
  `trap 'kill "$pid"; wait "$pid"' INT; trap 'exit 0' TERM; ${app} & pid=$!; wait "$pid"`,
  `trap 'kill "$pid"; wait "$pid"' INT\ntrap 'exit 0' TERM\n${app} & pid=$!\nwait "$pid"`,
  `trap 'kill "$pid"; wait "$pid"' EXIT; ${app} & pid=$!; wait "$pid"`,
  // not in the background
  `trap 'kill "$pid"; wait "$pid"' TERM; ${app}; wait`,
  // it begins anew
  `trap 'kill "$pid"; wait "$pid"' TERM; while true; do ${app} & pid=$!; wait "$pid"; done`,
  // another function than that of the trap
  `stop() { rm -f /nowhere; }\nend() { kill "$pid"; wait "$pid"; }\ntrap stop TERM\n${app} & pid=$!\nwait "$pid"`,
  `trap gone TERM; ${app} & pid=$!; wait "$pid"; kill $pid; wait`,
  // only in a comment
  `# trap 'kill "$pid"; wait "$pid"' TERM\ntrap : TERM\n${app} & pid=$!\nwait "$pid"`,
  // expanded too early, or not to be understood
  `trap "kill $pid; wait $pid" TERM; ${app} & pid=$!; wait "$pid"`,
  `${app} & wait`,
];

describe.each(engines)('scripts that pass the signal on, $name with awk of $awk', (engine) => {
  /** What is said of these scripts, each run by a shell, from a file or as an argument. */
  const judged = async (scripts: readonly string[], shell: readonly [string, ...string[]], asFile: boolean) => {
    const id = idOf('forwards');
    const cgroup = newCgroup(id);
    const pids = await Promise.all(
      scripts.map(async (text) => {
        const path = join(tempDir(), 'entry.sh');
        put(path, text);
        const { pid } = await start(cgroup, { argv: asFile ? [...shell, path] : [...shell, '-c', text] });
        await until('its child', () => childrenOf(pid).length > 0);
        return pid;
      }),
    );
    const all = (await processesOf([id], engine)).found.get(keyOf(id)) ?? [];
    return pids.map((pid) => all.find((p) => p.pid === pid)?.forwards);
  };
  it.each([
    ['/bin/sh', true],
    ['/bin/bash', false],
  ] as const)(
    '%s, from a file: %s',
    async (shell, asFile) => {
      const found = await judged([...passing, ...others], [shell], asFile);
      expect(found.map((f, i) => `${f} ${[...passing, ...others][i]}`)).toEqual([
        ...passing.map((s) => `true ${s}`),
        ...others.map((s) => `false ${s}`),
      ]);
    },
    60_000,
  );

  it('of other options and other places', async () => {
    const [good = ''] = passing;
    const [afterwards = ''] = passing.slice(5);
    expect(await judged([good, afterwards], ['/bin/sh', '-e'], false)).toEqual([true, false]);
    expect(await judged([good], ['/bin/sh', '-e'], true)).toEqual([null]);
    expect(await judged([good], ['/bin/sh', '-u'], true)).toEqual([true]);
    expect(await judged([good], ['/usr/bin/busybox', 'sh'], false)).toEqual([true]);
    expect(await judged([`#!/bin/sh -e\n${afterwards}`, `#!/bin/sh\n${afterwards}`], ['/bin/sh'], true)).toEqual([
      false,
      true,
    ]);
    expect(await judged([good], ['/usr/bin/perl', '-e', 'exec @ARGV', '/bin/sh'], false)).toEqual([true]);
  });

  it('what is too long, or has too many traps, is a no', async () => {
    const [good = ''] = passing;
    const padded = (bytes: number) => `:${' '.repeat(bytes - good.length - 2)}\n${good}`;
    const scripts = [
      padded(16_384),
      padded(16_385),
      `${'trap : USR1\n'.repeat(16)}${good}`,
      `${"trap ':' USR1\n".repeat(16)}${good}`,
    ];
    expect(await judged(scripts, ['/bin/sh'], true)).toEqual([true, false, true, false]);
    expect(await judged(scripts, ['/bin/sh'], false)).toEqual([true, false, true, false]);
  });

  it('a script is looked for in the root of its container, by its links too', async () => {
    const [good = ''] = passing;
    const root = tempDir();
    put(join(root, 'bin/busybox'), readFileSync('/usr/bin/busybox'));
    put(join(root, 'opt/entry.sh'), good.replace('/usr/bin/sleep', '/bin/busybox sleep'));
    // a shell gives what it starts in the background an empty standard input
    put(join(root, 'dev/null'), '');
    symlinkSync('/opt', join(root, 'srv'));
    symlinkSync('../srv/entry.sh', join(root, 'bin/start'));
    const id = idOf('root');
    const cgroup = newCgroup(id);
    const { pid } = await start(cgroup, { root, first: true, argv: ['/bin/busybox', 'sh', '/bin/start'] });
    await until('its child', () => childrenOf(pid).length === 1);
    const { found } = await processesOf([id], engine);
    expect(found.get(keyOf(id))?.find((p) => p.pid === pid)).toMatchObject({
      forwards: true,
      program: 'busybox',
      words: ['sh', 'start'],
    });
  });
});

it.each(['/bin/dash', '/bin/bash', '/usr/bin/busybox'])(
  'and they do: %s',
  async (shell) => {
    const ran = await Promise.all(
      passing.map(async (text, i) => {
        const dir = tempDir();
        const program =
          'for my $s (qw(TERM QUIT)) { $SIG{$s} = sub { $got = $s } } open F, ">", "$ARGV[0]/up"; close F; sleep 1 until $got; select undef, undef, undef, 0.3; open F, ">", "$ARGV[0]/end"; close F';
        put(join(dir, 'app.pl'), program);
        const script = text.replaceAll(app, `/usr/bin/perl ${dir}/app.pl ${dir}`);
        const { pid, ended } = await start(newCgroup(idOf(`truth${i}`)), {
          first: true,
          argv: [shell, ...(shell.endsWith('busybox') ? ['sh'] : []), '-c', script],
        });
        await until('it runs', () => existsSync(join(dir, 'up')));
        await asleep(pid, /sigsuspend|wait/);
        kill(pid, 'SIGTERM');
        await ended;
        return existsSync(join(dir, 'end'));
      }),
    );
    expect(ran).toEqual(passing.map(() => true));
  },
  60_000,
);

/**
 * A watch on the terminal that this program has, with events that are made up: `node watch-program.ts [fails]`. It ends when it gets a signal, and with
 * "fails" by an error after two seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from './cli-run.ts';
import { healthy } from './sample-reports.ts';
import { begin, connect, drops, names } from './watch-events.ts';

const fails = process.argv.includes('fails');
const code = await runCli('node --local --watch-for 10m --color never', {
  env: { TERM: 'xterm', LANG: 'C.UTF-8' },
  ...{ stdout: process.stdout, stderr: process.stderr, now: () => performance.now() },
  signals: (send) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => send(signal, performance.now()));
  },
  run: async (_, { watcher, signal, onProgress }) => {
    await watcher?.onReport(healthy());
    await watcher?.onEvents([begin], names, null);
    for (let i = 0; !signal.aborted && !(fails && i === 20); i++) {
      await watcher?.onEvents([drops(`f${i % 30}`, i + 1, 100 + i / 10), connect(40_000 + i)], names, null);
      if (i === 3) await watcher?.onEvents([connect(31055, 100.3)], names, null);
      if (i === 5) onProgress({ kind: 'note', text: 'a note' });
      await sleep(100);
    }
    if (fails) throw new Error('it broke');
    return healthy();
  },
});
process.exit(code.code);

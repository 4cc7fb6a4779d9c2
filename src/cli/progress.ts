import type { Progress } from '../core/transport.ts';
import { printable } from '../lib/printable.ts';
import { printableLines } from '../lib/printable-lines.ts';
import type { Env } from './env.ts';
import { look } from './look.ts';
import { readLines } from './read-lines.ts';
import { redrawable } from './redrawable.ts';
import type { Streams } from './streams.ts';

/** Tells what goes on, on stderr, until it is stopped. */
export interface ProgressTeller {
  readonly tell: (progress: Progress) => void;
  readonly stop: () => void;
}

/** Every command and its result, line by line. */
const lines = ({ stderr }: Streams): ProgressTeller => ({
  tell: (p) => {
    stderr.write(
      `${(p.kind === 'read' ? readLines(p.typed, p.raw, p.of?.node) : printableLines(p.text)).join('\n')}\n`,
    );
  },
  stop: () => {},
});

/** Only what the user has to know. */
const quiet = ({ stderr }: Streams): ProgressTeller => ({
  tell: (p) => {
    if (p.kind === 'note') stderr.write(`${printableLines(p.text).join('\n')}\n`);
  },
  stop: () => {},
});

/** One line that turns. */
const spinner = async ({ stderr }: Streams, env: Env): Promise<ProgressTeller> => {
  const [{ default: ora }, { wrap }] = await Promise.all([import('ora'), import('../lib/wrap.ts')]);
  const { color, unicode, width } = look(stderr, env);
  const spin = ora({
    stream: stderr,
    spinner: unicode ? 'dots' : 'line',
    color: color ? 'cyan' : false,
    // Ctrl-C must reach the run as a signal, and a killed run must not leave a terminal without a cursor
    discardStdin: false,
    hideCursor: false,
    isEnabled: true,
  });
  return {
    tell: (p) => {
      if (p.kind === 'note') {
        spin.clear();
        stderr.write(`${printableLines(p.text).join('\n')}\n`);
        return;
      }
      const said = p.kind === 'stage' ? p.text : p.of ? `${p.of.done}, ${p.of.node}: ${p.typed}` : p.typed;
      const [text = ''] = wrap(printable(said), Math.max(10, width - 4));
      if (spin.isSpinning) spin.text = text;
      else spin.start(text);
    },
    stop: () => {
      // stopping twice would write a control sequence after the report
      if (spin.isSpinning) spin.stop();
    },
  };
};

/** A spinner if stderr is a terminal; with -v lines; otherwise only what the user has to know. */
export const progress = async (streams: Streams, env: Env, verbose: boolean): Promise<ProgressTeller> => {
  if (verbose) return lines(streams);
  return redrawable(streams.stderr, env) ? spinner(streams, env) : quiet(streams);
};

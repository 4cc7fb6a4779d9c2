import type { Look } from '../core/reporter.ts';
import type { Env } from './env.ts';
import type { Output } from './streams.ts';

const colored = (stream: Output, env: Env, when: string): boolean => {
  if (when !== 'auto') return when === 'always';
  if (env.NO_COLOR) return false;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && env.TERM !== 'dumb';
};

/** The locale says UTF-8; the Linux console and dumb terminals lack the signs all the same. */
const speaksUnicode = (env: Env): boolean => {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale) && env.TERM !== 'linux' && env.TERM !== 'dumb';
};

/** How a stream wants to be written to. */
export const look = (stream: Output, env: Env, color = 'auto', verbose = false): Look => ({
  color: colored(stream, env, color),
  width: stream.isTTY === true && stream.columns ? stream.columns : 80,
  unicode: speaksUnicode(env),
  verbose,
});

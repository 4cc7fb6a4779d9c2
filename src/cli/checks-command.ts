import { formats } from './formats.ts';
import type { Host } from './host.ts';
import { look } from './look.ts';
import type { outputFlags } from './output-flags.ts';
import { outputFormat } from './output-format.ts';
import type { Values } from './values.ts';
import { write } from './write.ts';

/** `netdoctor checks`: lists all checks, offline. */
export const checksCommand = async (
  v: Values<keyof typeof outputFlags>,
  { streams, env, deps }: Host,
): Promise<number> => {
  const format = outputFormat(v.text('output'), formats.list);
  const checks = await deps.checks();
  const text =
    format === 'table'
      ? (await deps.checksList())(checks, look(streams.stdout, env, v.text('color')))
      : (await deps.data(format))(
          checks.map(({ id, severity, title, docs }) => ({ id, severity, title, why: docs.why, links: docs.links })),
        );
  await write(streams.stdout, text);
  return 0;
};

import { didYouMean } from '../lib/did-you-mean.ts';
import type { Host } from './host.ts';
import { look } from './look.ts';
import { UsageError } from './usage-error.ts';
import { write } from './write.ts';

/** `netdoctor explain <check>`: what a check is for, offline. Throws UsageError with near names for an unknown one. */
export const explainCommand = async (
  id: string | undefined,
  color: string | undefined,
  host: Host,
): Promise<number> => {
  if (id === undefined) throw new UsageError(`which check? "${host.program} checks" lists them`);
  const checks = await host.deps.checks();
  const check = checks.find((c) => c.id === id);
  if (!check) {
    const ids = checks.map((c) => c.id);
    throw new UsageError(`there is no check "${id}"${didYouMean(id, ids)}`);
  }
  const explanation = await host.deps.explanation();
  await write(host.streams.stdout, explanation(check, look(host.streams.stdout, host.env, color)));
  return 0;
};

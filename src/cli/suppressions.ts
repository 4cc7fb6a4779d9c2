import type { Suppression, Suppressions } from '../core/suppression.ts';
import type { suppressFlags } from './suppress-flags.ts';
import { UsageError } from './usage-error.ts';
import type { Values } from './values.ts';

const form = 'give a check, or a check and what it is about: ports/nodeport-overlap=worker-3, "shutdown/*=shop/*"';

const ruleOf = (text: string): Suppression => {
  const at = text.indexOf('=');
  const check = (at < 0 ? text : text.slice(0, at)).trim();
  const subject = at < 0 ? null : text.slice(at + 1).trim();
  if (check === '' || subject === '') throw new UsageError(`invalid argument "${text}" for "--suppress" flag: ${form}`);
  return { text, check, subject };
};

/** What --suppress and --reason say; undefined where neither is given. Throws {@link UsageError} where one is missing. */
export const suppressions = (v: Values<keyof typeof suppressFlags>): Suppressions | undefined => {
  const rules = v.list('suppress').map(ruleOf);
  const reason = v.text('reason')?.trim() ?? '';
  if (rules.length > 0 && reason === '')
    throw new UsageError('--suppress needs --reason, which tells those who read the report why');
  if (rules.length === 0 && reason !== '') throw new UsageError('--reason needs --suppress, which says what it is for');
  return rules.length > 0 ? { rules, reason } : undefined;
};

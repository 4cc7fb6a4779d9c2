import type { LintRequest } from '../app/lint.ts';
import { defined } from '../lib/defined.ts';
import { checkPatterns } from './check-patterns.ts';
import type { lintFlags } from './lint-flags.ts';
import { namespaceName } from './namespace-name.ts';
import { suppressions } from './suppressions.ts';
import { UsageError } from './usage-error.ts';
import type { Values } from './values.ts';

/** What `netdoctor lint` is asked: files of -f, and those that a shell made of its pattern (`-f *.yaml`). Throws {@link UsageError}. */
export const lintRequest = (v: Values<keyof typeof lintFlags>, more: readonly string[]): LintRequest => {
  const paths = [...new Set([...v.list('filename'), ...more])];
  if (paths.length === 0)
    throw new UsageError('which manifests? Give files or directories with -f, or - for standard input');
  const url = paths.find((path) => /^https?:\/\//.test(path));
  if (url !== undefined)
    throw new UsageError(`lint asks no network, so it does not read ${url}: pipe what is there into -f -`);
  return {
    paths,
    recursive: v.on('recursive'),
    namespace: namespaceName(v.text('namespace') ?? 'default', 'namespace'),
    ...defined({ checks: checkPatterns(v), suppress: suppressions(v) }),
  };
};

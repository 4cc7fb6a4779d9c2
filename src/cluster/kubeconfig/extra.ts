import { KubeconfigError } from './error.ts';

/** The values of --as-user-extra (key=value, repeatable) by key. Throws {@link KubeconfigError} on other shapes. */
export const extraOf = (list: readonly string[]): Record<string, string[]> => {
  const extra: Record<string, string[]> = {};
  for (const item of list) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(item) ?? [];
    if (key === undefined || value === undefined)
      throw new KubeconfigError(`--as-user-extra takes key=value, not "${item}"`);
    extra[key] = [...(extra[key] ?? []), value];
  }
  return extra;
};

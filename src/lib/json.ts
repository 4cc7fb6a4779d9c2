/** Looks into data of unknown shape: the value at a path, or undefined. */
export const at = (data: unknown, ...path: readonly (string | number)[]): unknown => {
  let here: unknown = data;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
};

/** The list at a path; empty if there is none. */
export const listAt = (data: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const found = at(data, ...path);
  return Array.isArray(found) ? found : [];
};

/** The text at a path; empty if there is none. */
export const textAt = (data: unknown, ...path: readonly (string | number)[]): string => {
  const found = at(data, ...path);
  return typeof found === 'string' ? found : '';
};

/** The number at a path, or null. */
export const numberAt = (data: unknown, ...path: readonly (string | number)[]): number | null => {
  const found = at(data, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
};

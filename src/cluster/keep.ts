interface Branch {
  /** Everything from here on. */
  whole: boolean;
  each: Branch | null;
  readonly fields: Map<string, Branch>;
}

type Step = { readonly field: string } | 'each';

const branch = (): Branch => ({ whole: false, each: null, fields: new Map() });

/** `items[].metadata.labels."a.b/c"` → items, each, metadata, labels, a.b/c. Throws on a path that is none. */
const steps = (path: string): readonly Step[] => {
  const all: Step[] = [];
  let rest = path;
  while (rest !== '') {
    const [found = '', quoted, plain, each] = /^(?:"([^"]+)"|([^."[\]]+)|(\[\]))/.exec(rest) ?? [];
    if (found === '') throw new Error(`not a path: ${path}`);
    all.push(each === undefined ? { field: quoted ?? plain ?? '' } : 'each');
    rest = rest.slice(found.length);
    if (rest.startsWith('.') && rest.length > 1) rest = rest.slice(1);
    else if (rest !== '' && !rest.startsWith('[')) throw new Error(`not a path: ${path}`);
  }
  return all;
};

const grow = (root: Branch, path: string): void => {
  let here = root;
  for (const step of steps(path)) {
    if (step === 'each') {
      here.each ??= branch();
      here = here.each;
    } else {
      const next = here.fields.get(step.field) ?? branch();
      here.fields.set(step.field, next);
      here = next;
    }
  }
  here.whole = true;
};

const prune = (value: unknown, by: Branch): unknown => {
  if (by.whole || value === null) return value;
  if (Array.isArray(value)) {
    const { each } = by;
    return each ? value.map((item) => prune(item, each) ?? {}) : undefined;
  }
  if (typeof value !== 'object' || by.fields.size === 0) return undefined;
  const kept: Record<string, unknown> = {};
  for (const [field, next] of by.fields) {
    if (!Object.hasOwn(value, field)) continue;
    const found = prune((value as Record<string, unknown>)[field], next);
    if (found !== undefined) kept[field] = found;
  }
  return kept;
};

/**
 * The parts of a JSON value at these paths, in their places, and nothing else. `a.b` goes into objects, `[]` into every element of
 * a list, `"a.b/c"` names a key that holds dots; a path takes all that lies below it. What is not there is left out; elements of
 * a list keep their number. Throws if a path is malformed.
 */
export const keep = (body: unknown, paths: readonly string[]): unknown => {
  const root = branch();
  for (const path of paths) grow(root, path);
  return prune(body, root) ?? {};
};

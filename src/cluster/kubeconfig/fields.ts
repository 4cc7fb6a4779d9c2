import { KubeconfigError } from './error.ts';

type Json = Readonly<Record<string, unknown>>;

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

const wrong = (value: unknown, where: string, wanted: string): KubeconfigError =>
  new KubeconfigError(`cannot unmarshal ${kindOf(value)} into field ${where} of type ${wanted}`);

/** Typed access to the fields of a parsed kubeconfig; null and missing are the same; throws {@link KubeconfigError} on other types. */
export interface Fields {
  /** Not empty, or null. */
  text(name: string): string | null;
  flag(name: string): boolean;
  texts(name: string): readonly string[];
  fields(name: string): Fields | null;
  list(name: string): readonly Fields[];
  raw(name: string): unknown;
  readonly names: readonly string[];
}

/** Wraps a value that should be an object; `where` names it in errors. */
export const fieldsOf = (value: unknown, where: string): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(value, where, 'object');
  const json = value as Json;
  const at = (name: string): string => (where === '' ? name : `${where}.${name}`);
  const raw = (name: string): unknown => (Object.hasOwn(json, name) ? (json[name] ?? null) : null);
  const array = (name: string): readonly unknown[] => {
    const found = raw(name);
    if (found === null) return [];
    if (!Array.isArray(found)) throw wrong(found, at(name), 'list');
    return found;
  };
  return {
    raw,
    names: Object.keys(json),
    text: (name) => {
      const found = raw(name);
      if (found === null || found === '') return null;
      if (typeof found !== 'string') throw wrong(found, at(name), 'string');
      return found;
    },
    flag: (name) => {
      const found = raw(name);
      if (found === null) return false;
      if (typeof found !== 'boolean') throw wrong(found, at(name), 'bool');
      return found;
    },
    texts: (name) =>
      array(name).map((item) => {
        if (typeof item !== 'string') throw wrong(item, at(name), 'string');
        return item;
      }),
    fields: (name) => {
      const found = raw(name);
      return found === null ? null : fieldsOf(found, at(name));
    },
    list: (name) => array(name).map((item) => fieldsOf(item, at(name))),
  };
};

import { camelCase } from './camel-case.ts';

/** A registry: a module that imports each thing from its file and lists them all. */
export interface Registry {
  readonly folder: 'checks' | 'probes';
  readonly type: 'AnyCheck' | 'AnyProbe';
  readonly typeFrom: string;
  readonly doc: string;
  readonly entries: readonly { readonly file: string; readonly name: string }[];
}

/** Imports of two areas may have one name: then each is called by its area too. */
const localName = ({ entries }: Registry, { file, name }: Registry['entries'][number]): string => {
  if (entries.filter((e) => e.name === name).length === 1) return name;
  const area = camelCase(file.split('/')[2] ?? '');
  return `${area}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
};

/** The text of src/<folder>/index.ts. */
export const registryText = (registry: Registry): string => {
  const { folder, type, typeFrom, doc, entries } = registry;
  const all = folder === 'checks' ? 'allChecks' : 'allProbes';
  const imports = entries.map((entry) => {
    const local = localName(registry, entry);
    const what = local === entry.name ? local : `${entry.name} as ${local}`;
    return `import { ${what} } from './${entry.file.slice(`src/${folder}/`.length)}';`;
  });
  return [
    '// Written by `npm run gen`; do not edit.',
    '',
    `import type { ${type} } from '${typeFrom}';`,
    ...imports,
    '',
    `/** ${doc} */`,
    `export const ${all}: readonly ${type}[] = [`,
    ...entries.map((entry) => `  ${localName(registry, entry)},`),
    '];',
    '',
  ].join('\n');
};

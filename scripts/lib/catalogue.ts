import type { AnyCheck, CheckWords, Needs } from '../../src/core/check.ts';

const wordsOf = ({ id, severity, title, docs, needs, wants }: AnyCheck): CheckWords => {
  const facts = [...Object.values(needs as Needs), ...Object.values(wants as Needs)];
  const about = new Map(facts.map((f) => [f.id, f.about]));
  const reads = [...about].map(([fact, text]) => ({ id: fact, about: text }));
  return { id, severity, title, docs: { why: docs.why, links: docs.links }, reads };
};

/** The text of src/checks/catalogue.ts. */
export const catalogueText = (checks: readonly AnyCheck[]): string =>
  [
    '// Written by `npm run gen` from the checks and their facts; do not edit.',
    '',
    "import type { CheckWords } from '../core/check.ts';",
    '',
    '/** What all checks say of themselves, by id: what `checks`, `explain` and completion need, without loading the checks. */',
    `export const catalogue: readonly CheckWords[] = ${JSON.stringify(checks.map(wordsOf), null, 2)};`,
    '',
  ].join('\n');

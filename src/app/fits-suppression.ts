import { matchesGlob } from 'node:path';
import type { Finding } from '../core/finding.ts';
import type { Suppression } from '../core/suppression.ts';
import type { Target } from '../core/target.ts';
import { fitsCheck } from './fits-check.ts';

/** What a subject's pattern may mean: of a manifest's object the kind need not be named. */
const namesOf = (t: Target): readonly string[] => {
  switch (t.kind) {
    case 'node':
      return [t.name];
    case 'pod':
      return [`${t.namespace}/${t.name}`];
    case 'manifest':
      return [`${t.namespace}/${t.name}`, `${t.namespace}/${t.name.slice(t.name.indexOf('/') + 1)}`];
  }
};

/** Whether a suppression means a finding. */
export const fitsSuppression = (f: Finding, { check, subject }: Suppression): boolean =>
  fitsCheck(f.check, check) &&
  (subject === null || namesOf(f.target).some((name) => name === subject || matchesGlob(name, subject)));

import type { Patch } from '../core/check.ts';

/** Whose manifest a patch changes. */
export const manifestOf = ({ target }: Patch): string =>
  target === null
    ? "the pod's manifest"
    : `the manifest of ${target.kind.toLowerCase()} ${target.namespace}/${target.name}`;

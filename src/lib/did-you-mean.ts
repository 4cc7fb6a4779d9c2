import { nearNames } from './near-names.ts';

/** `; did you mean --namespace?`, to go behind a complaint of an unknown name; nothing where no name is near. */
export const didYouMean = (wanted: string, names: readonly string[], prefix = ''): string => {
  const near = nearNames(wanted, names).map((name) => `${prefix}${name}`);
  return near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
};

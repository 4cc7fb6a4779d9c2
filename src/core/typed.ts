import type { Read } from './read.ts';

/** A read as a person would type it. */
export const typed = (read: Read): string => {
  switch (read.kind) {
    case 'file':
      return `cat ${read.path}`;
    case 'command':
      return read.argv.join(' ');
    case 'http':
      return `curl http://${read.address.replaceAll(/\$\{nd_[a-z_]+:-([^}]*)\}/g, '$1')}${read.path}`;
    case 'script':
      return read.typed;
    case 'kube':
      return `kubectl get --raw '${read.path}'`;
  }
};

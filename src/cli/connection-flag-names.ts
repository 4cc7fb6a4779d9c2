import { connectionFlags } from './connection-flags.ts';

type ConnectionFlag = Exclude<keyof typeof connectionFlags, 'namespace'>;

/** The flags that say which cluster is asked, as whom and how. --namespace is not here: it is accepted everywhere. */
export const connectionFlagNames: readonly ConnectionFlag[] = Object.keys(connectionFlags).filter(
  (name): name is ConnectionFlag => name !== 'namespace',
);

import type { Env } from './locate.ts';

/** The server that kubectl takes where nothing chooses one (client-go's clientcmd.ClusterDefaults). */
export const defaultServer = (env: Env): string => env.KUBERNETES_MASTER || 'http://localhost:8080';

import type { ExecEntry } from './kubeconfig/entries.ts';

/** A client certificate with its key, both PEM. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly key: string;
}

/** How to show who we are. At most one of token, tokenFile, basic and exec counts, in this order; a certificate may come along. */
export interface Auth {
  readonly certifiedKey: CertifiedKey | null;
  readonly token: string | null;
  /** Absolute path; read when it is needed, since it may change. */
  readonly tokenFile: string | null;
  readonly basic: { readonly username: string; readonly password: string } | null;
  readonly exec: ExecEntry | null;
}

/** Whom to act as. */
export interface Impersonation {
  readonly user: string;
  readonly uid: string | null;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Everything that is needed to talk to one API server. Holds secrets: never printed or saved. */
export interface Connection {
  /** Null with no context: in a pod, or with --server alone. */
  readonly context: string | null;
  readonly cluster: string;
  /** URL with scheme, without a slash at its end; may have a path. */
  readonly server: string;
  /** Of the flag, else the context, else "default". */
  readonly namespace: string;
  readonly tls: {
    /** PEM; null for the system's own. */
    readonly ca: string | null;
    readonly insecure: boolean;
    readonly serverName: string | null;
  };
  readonly auth: Auth;
  readonly impersonate: Impersonation | null;
  readonly compress: boolean;
  /** What an exec plugin is told of the cluster (provideClusterInfo). */
  readonly execConfig: unknown;
}

import type { ExecEntry } from './kubeconfig/entries.ts';

/** A client certificate with its key, both PEM. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly key: string;
}

/**
 * How to show who we are, as client-go chooses: the token file before the token, then basic; exec only where there is none of them and
 * no certificate either. A certificate may come along with a token.
 */
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

/** The proxy on the way to the server. */
export interface ProxyServer {
  /** http:, https:, socks5: or socks5h:, with user and password if there are any: never printed. */
  readonly url: string;
  /** The environment variable that names it; null for the proxy-url of the kubeconfig. */
  readonly variable: string | null;
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
  readonly proxy: ProxyServer | null;
  readonly auth: Auth;
  readonly impersonate: Impersonation | null;
  readonly compress: boolean;
  /** What an exec plugin is told of the cluster (provideClusterInfo). */
  readonly execConfig: unknown;
  /** What to do if nobody answers, where nothing chose the server and it is the one that kubectl takes then; else null. */
  readonly nothingChosen: string | null;
}

/** Where the bytes of a certificate or key are: in the kubeconfig (base64) or in a file (absolute path). */
export interface Material {
  readonly data: string | null;
  readonly file: string | null;
}

/** A cluster of a kubeconfig. */
export interface ClusterEntry {
  readonly server: string | null;
  readonly certificateAuthority: Material;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName: string | null;
  readonly proxyUrl: string | null;
  readonly disableCompression: boolean;
  /** What the extension `client.authentication.k8s.io/exec` holds; handed to exec plugins that ask for the cluster. */
  readonly execConfig: unknown;
}

/** An exec plugin, as a user's `exec` describes it. */
export interface ExecEntry {
  readonly apiVersion: string;
  /** A name for PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly provideClusterInfo: boolean;
  /** Never, IfAvailable or Always once it is validated. */
  readonly interactiveMode: string | null;
  readonly installHint: string | null;
}

/** A user of a kubeconfig. */
export interface UserEntry {
  readonly clientCertificate: Material;
  readonly clientKey: Material;
  readonly token: string | null;
  /** Absolute path. */
  readonly tokenFile: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly exec: ExecEntry | null;
  /** Name of a legacy auth provider (gcp, azure, oidc); kubectl dropped most of them, netdoctor has none. */
  readonly authProvider: string | null;
  readonly as: string | null;
  readonly asUid: string | null;
  readonly asGroups: readonly string[];
  readonly asUserExtra: Readonly<Record<string, readonly string[]>>;
}

/** A context of a kubeconfig; names may be empty. */
export interface ContextEntry {
  readonly cluster: string | null;
  readonly user: string | null;
  readonly namespace: string | null;
}

/** What one kubeconfig file says, or several merged. */
export interface Kubeconfig {
  readonly currentContext: string | null;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
}

/** Neither data nor file. */
const noMaterial: Material = { data: null, file: null };

/** A cluster of which nothing is known. */
export const noCluster: ClusterEntry = {
  server: null,
  certificateAuthority: noMaterial,
  insecureSkipTlsVerify: false,
  tlsServerName: null,
  proxyUrl: null,
  disableCompression: false,
  execConfig: null,
};

/** A user without any credential. */
export const noUser: UserEntry = {
  clientCertificate: noMaterial,
  clientKey: noMaterial,
  token: null,
  tokenFile: null,
  username: null,
  password: null,
  exec: null,
  authProvider: null,
  as: null,
  asUid: null,
  asGroups: [],
  asUserExtra: {},
};

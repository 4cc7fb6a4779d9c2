import type { Gap } from './gap.ts';

/** A Linux capability that a read needs beyond uid 0 with none, as pods name it. */
export type Capability = 'SYS_PTRACE' | 'SYS_CHROOT' | 'DAC_READ_SEARCH' | 'NET_ADMIN' | 'NET_RAW' | 'SYS_ADMIN';

/**
 * When a read is done: once, before the window; at both ends of the window, for what counts up (`twice`); again and again until it is over
 * (`often`); once while it lasts, beside the others, for what itself waits (`during`); or once at its end.
 */
export type Sampling = 'once' | 'twice' | 'often' | 'during' | 'end';

interface NodeReadBase {
  /** Names the read in the stream and in bundles: letters, digits and `._:/-` only. Bundles of old versions are found by it. */
  readonly id: string;
  readonly sampling: Sampling;
  /** Capabilities without which the read gives nothing at all; it is not tried where they are not granted. */
  readonly requires: readonly Capability[];
  /** Capabilities that make it complete (owners of sockets, say); it is tried without them too. */
  readonly uses: readonly Capability[];
}

/** Reads one file. Paths under /proc and /sys are the reader's own, all others lie under the host's root. */
export interface FileRead extends NodeReadBase {
  readonly kind: 'file';
  readonly path: string;
}

/** Runs a program of the host (through chroot in a pod), never one that writes. */
export interface CommandRead extends NodeReadBase {
  readonly kind: 'command';
  readonly argv: readonly [string, ...string[]];
}

/** Asks an HTTP server on the node's own loopback. */
export interface HttpRead extends NodeReadBase {
  readonly kind: 'http';
  /** host:port; may hold a `${nd_name:-default}` parameter. */
  readonly address: string;
  readonly path: string;
}

/**
 * A reduction of tables that grow, done where they lie by a POSIX shell and awk, in one pass and without a fork per entry.
 * `typed` says it in one line as a person would type it.
 */
export interface ScriptRead extends NodeReadBase {
  readonly kind: 'script';
  readonly typed: string;
  readonly script: string;
}

/** A read that the program on the node does. */
export type NodeRead = FileRead | CommandRead | HttpRead | ScriptRead;

/** What stands for `{node}` and `{scope}` in the paths of reads. */
export interface Place {
  readonly node: string;
  /** `namespaces/shop/`, or nothing for all namespaces. */
  readonly scope: string;
}

/** The text with the place filled in. */
export const inPlace = (text: string, place: Place): string =>
  text.replaceAll('{node}', place.node).replaceAll('{scope}', place.scope);

/** A GET from the Kubernetes API; for `{node}` and `{scope}` in the path see {@link Place}. Only the `keep` paths of the answer are kept. */
export interface KubeRead {
  readonly kind: 'kube';
  readonly id: string;
  readonly path: string;
  /** Dotted paths, `[]` for every element of a list: `items[].metadata.name`. Nothing else is kept, saved or shown. */
  readonly keep: readonly string[];
  /**
   * Of texts of several lines and lists of texts under the kept paths, only lines and elements that hold this, and the one behind each:
   * a flag and its value, not the environment or the other flags beside it.
   */
  readonly grep?: string;
}

/** Everything a probe may ask for, as data: listed for a reviewer, replayed from a bundle. */
export type Read = NodeRead | KubeRead;

/** One answer to a read. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status of the command; 0 for the API. */
  readonly exit: number;
  /** Number of the sample, from 0. */
  readonly sample: number;
  /** The node's monotonic clock in milliseconds; for the API the server's Date in milliseconds since 1970. */
  readonly atMs: number;
}

/** All answers to one read, in order, or why there is none. */
export type Raw =
  | { readonly ok: true; readonly outputs: readonly [Output, ...Output[]] }
  | { readonly ok: false; readonly gap: Gap };

type Optional<T> = Partial<Pick<NodeReadBase, 'sampling' | 'requires' | 'uses'>> & T;
const defaults = { sampling: 'once', requires: [], uses: [] } as const;

/** Reads a file; see {@link FileRead}. */
export const file = (path: string, more: Optional<object> = {}): FileRead => ({
  ...defaults,
  ...more,
  kind: 'file',
  id: `file:${path}`,
  path,
});

/** Runs a program of the host; see {@link CommandRead}. */
export const command = (
  id: string,
  argv: readonly [string, ...string[]],
  more: Optional<object> = {},
): CommandRead => ({
  ...defaults,
  ...more,
  kind: 'command',
  id: `command:${id}`,
  argv,
});

/** Asks an HTTP server on the node; see {@link HttpRead}. */
export const http = (address: string, path: string): HttpRead => ({
  ...defaults,
  kind: 'http',
  id: `http:${path}`,
  address,
  path,
});

/** Reduces tables on the node; see {@link ScriptRead}. */
export const script = (id: string, typed: string, text: string, more: Optional<object> = {}): ScriptRead => ({
  ...defaults,
  ...more,
  kind: 'script',
  id: `script:${id}`,
  typed,
  script: text,
});

/** Gets from the API; see {@link KubeRead}. */
export const kube = (path: string, keep: readonly string[], grep?: string): KubeRead => ({
  kind: 'kube',
  id: `kube:${path}`,
  path,
  keep,
  ...(grep === undefined ? {} : { grep }),
});

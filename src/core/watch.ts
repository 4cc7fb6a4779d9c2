/** Address and port. */
export interface WatchEnd {
  readonly ip: string;
  readonly port: number;
}

/** Who opened a connection. */
export interface Opener {
  /** Thread id in the node's process namespace. */
  readonly thread: number;
  /** Process id; null where it was gone when it was looked for. */
  readonly pid: number | null;
  /** Name of the process, or of the thread where that was gone. At most 15 characters, chosen by the process itself. */
  readonly process: string;
  readonly containerId: string | null;
  readonly podUid: string | null;
  readonly unit: string | null;
}

/**
 * What one line of the kernel's trace tells (include/trace/events/{sock,tcp,skb,udp}.h).
 *
 * - `state`: a TCP socket went from one state to another; on `to` SYN_SENT the source port is 0 unless the program chose one (measured)
 * - `retransmit`: a segment was sent again, in that state of the socket
 * - `synack-retransmit`: a SYN-ACK was sent again: the peer did not answer it, or a full accept queue took its answer
 * - `reset-received`, `reset-sent`: of the connection from source to destination; who sent is the source
 * - `drop`: a packet was thrown away; kernels before 5.17 give no reason, some give an address instead of a function
 * - `udp-full`: a datagram found the receive buffer full; kernels before 6.10 tell its port alone
 */
export type Trace =
  | {
      readonly kind: 'state';
      readonly source: WatchEnd;
      readonly destination: WatchEnd;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly kind: 'retransmit';
      readonly source: WatchEnd;
      readonly destination: WatchEnd;
      readonly state: string;
    }
  | {
      readonly kind: 'synack-retransmit' | 'reset-received';
      readonly source: WatchEnd;
      readonly destination: WatchEnd;
    }
  | {
      readonly kind: 'reset-sent';
      readonly source: WatchEnd;
      readonly destination: WatchEnd;
      /** Null where there was no socket. */
      readonly state: string | null;
      /** Null before 6.10. */
      readonly reason: string | null;
    }
  | {
      readonly kind: 'drop';
      readonly protocol: 'IPv4' | 'IPv6';
      readonly reason: string | null;
      readonly symbol: string | null;
    }
  | { readonly kind: 'udp-full'; readonly port: number; readonly ip: string | null; readonly source: WatchEnd | null };

/** A packet that was thrown away. */
export type Drop = Extract<Trace, { kind: 'drop' }>;

/** By which device a packet came in or was to go out. Its name is what the device has in its own network namespace: 1 to 15 bytes, chosen by whoever made it. */
export interface Passage {
  readonly way: 'in' | 'out';
  readonly device: string;
  /** The device that sent it to that one on the same machine, the other end of a veth pair; null where it was not seen to. */
  readonly sender: string | null;
  /** The device by which it had come in before that, the port of a bridge; null where it was none. */
  readonly port: string | null;
}

/** A line of the trace, and by whom and when it was written. */
export interface Traced {
  /** Name of the thread that ran, a stranger's where `interrupt` is set. */
  readonly thread: string;
  readonly threadId: number;
  readonly interrupt: boolean;
  /** Seconds since boot, the clock of /proc/uptime. */
  readonly atSeconds: number;
  readonly trace: Trace;
}

/** A pod's place in the cluster. */
export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** The same for two pods only if they are the same: "shop/web-0". */
export const podKey = ({ namespace, name }: PodName): string => `${namespace}/${name}`;

/** What the cluster calls what a watch sees; null where it is not known. */
export interface WatchNames {
  /** The Service of a NodePort, "shop/web" or "a Service"; null where the port is none. */
  readonly serviceOf: (port: number) => string | null;
  /** namespace/name of the pod with this address. */
  readonly podAt: (ip: string) => string | null;
  readonly podOf: (opener: Opener) => string | null;
  /** Whose a network namespace is, "pod shop/web-1" or "the node"; null where that is not known. */
  readonly spaceOf: (space: string) => string | null;
  /** Devices of a network namespace whose reverse path filter is strict; none where that is not known. */
  readonly strictIn: (space: string) => readonly string[];
  /** Where it came from or went to, if that is a pod of the node: by which veth of the node, and whose the pod is ("pod shop/web-1"); null where that is not known. */
  readonly podBy: (passage: Passage) => PodPassage | null;
}

/** A packet's way from or to a pod of the node. */
export interface PodPassage {
  readonly way: 'from' | 'into';
  /** "pod shop/web-1". */
  readonly owner: string;
  /** The node's end of the pod's veth pair. */
  readonly veth: string;
}

/** A connect that is taken to be the failed probe: to the same address, within the same seconds. */
export interface ProbeConnect {
  readonly source: WatchEnd;
  /** The Service whose NodePort the source port is; null where it is none. */
  readonly service: string | null;
  /** Whether IPVS took its answer. */
  readonly taken: boolean;
}

/** How often a probe of a pod failed during a watch. */
export interface ProbeTally {
  readonly pod: PodName;
  readonly probe: 'readiness' | 'liveness' | 'startup';
  readonly failed: number;
  /** How many of them had a connect from a port that is a NodePort. */
  readonly fromNodePort: number;
  /** These ports, in ascending order; the first hundred that were seen. */
  readonly ports: readonly number[];
}

/** A connection through an IPVS virtual server: whose packet, to which virtual server, to which backend. */
export interface Mirror {
  readonly client: WatchEnd;
  readonly virtual: WatchEnd;
  readonly backend: WatchEnd;
  readonly state: string;
}

/**
 * What a watch tells, in the order in which it came.
 *
 * - `connect`: a TCP connect failed (`refused`, or `no-answer`) or its SYN was sent again (`waiting`); with IPVS connections that run the other way
 *   between the same two ends (then IPVS took the answer), and conntrack's state of it, if it was looked for; `fell`: what the kernel dropped right after
 *   the last connect from there to there began, within the thread that connected: probably its SYN or the answer
 * - `reset`: a connection that stood was reset by its peer
 * - `seen`: so many of a kind since they were told last, and the last of them; `seconds` is how long that was
 * - `device`: of `sampled` drops of a kind that were looked at `count` were of packets that passed by there
 * - `socket`: a connect that waits, seen by looking, without tracepoints
 * - `counter`: a counter of a network namespace moved by so much; `space` names it (facts/network/spaces)
 * - `waiting`: a listener with connections in its accept queue, at the moment in which one was turned away
 * - `probe-failed`: kubelet told the API that a probe failed, `count` times since it was told last, with the connects that were seen to fail there
 * - `ready`: a pod became ready or unready, by whom (a field manager); `awaySeconds`: when it came back, how long it was not
 * - `probe-tally`: at the end, how often a probe of a pod failed in all
 * - `unlisted`: so many events that were too many to be told; `lost`: so many that the kernel could not keep
 * - `less`: there are too many of a kind, which is looked at for half a second in ten until `all`
 */
export type WatchEvent = { readonly atSeconds: number } & (
  | {
      readonly kind: 'connect';
      readonly outcome: 'refused' | 'no-answer' | 'waiting';
      readonly source: WatchEnd;
      readonly destination: WatchEnd;
      readonly opener: Opener | null;
      readonly mirrors: readonly Mirror[];
      readonly tracked: string | null;
      readonly fell: Drop | null;
    }
  | {
      readonly kind: 'reset';
      readonly source: WatchEnd;
      readonly destination: WatchEnd;
      readonly opener: Opener | null;
    }
  | { readonly kind: 'seen'; readonly count: number; readonly last: Trace }
  | {
      readonly kind: 'device';
      readonly count: number;
      readonly sampled: number;
      readonly passage: Passage;
      readonly drop: Drop;
    }
  | {
      readonly kind: 'socket';
      readonly source: WatchEnd;
      readonly destination: WatchEnd;
      readonly mirrors: readonly Mirror[];
    }
  | { readonly kind: 'counter'; readonly space: string; readonly name: string; readonly count: number }
  | { readonly kind: 'waiting'; readonly space: string; readonly listener: WatchEnd; readonly connections: number }
  | {
      readonly kind: 'probe-failed';
      readonly pod: PodName;
      readonly container: string | null;
      readonly probe: 'readiness' | 'liveness' | 'startup';
      /** Where the probe goes; null where its message does not say (an exec probe). */
      readonly destination: WatchEnd | null;
      /** The kubelet's own words. */
      readonly text: string;
      readonly count: number;
      readonly connects: readonly ProbeConnect[];
    }
  | {
      readonly kind: 'ready';
      readonly pod: PodName;
      readonly ready: boolean;
      readonly by: string | null;
      readonly why: string | null;
      readonly awaySeconds: number | null;
    }
  | ({ readonly kind: 'probe-tally' } & ProbeTally)
  | { readonly kind: 'unlisted' | 'lost'; readonly count: number }
  | { readonly kind: 'less' | 'all'; readonly of: string }
  | { readonly kind: 'begin'; readonly by: 'trace'; readonly tracepoints: readonly string[] }
  | { readonly kind: 'begin'; readonly by: 'sample' | 'none'; readonly why: string }
  | { readonly kind: 'end'; readonly why: string }
);

/** What the API tells during a watch, not yet by the node's clock. */
export type ApiEvent =
  | Omit<Extract<WatchEvent, { kind: 'probe-failed' }>, 'atSeconds'>
  | Omit<Extract<WatchEvent, { kind: 'ready' }>, 'atSeconds'>;

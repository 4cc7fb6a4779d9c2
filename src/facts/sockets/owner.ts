/** The process that holds a socket. */
export interface Owner {
  readonly pid: number;
  /** Its comm, at most 15 characters; line breaks come escaped from the kernel. */
  readonly process: string;
  /** Id of its container from the cgroup path; null outside of containers. */
  readonly containerId: string | null;
  /** Uid of its pod from the cgroup path; null outside of pods. */
  readonly podUid: string | null;
  /** Its systemd unit; null in pods or where there is none. */
  readonly unit: string | null;
}

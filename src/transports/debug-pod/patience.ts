/** How long a server may be away: an apiserver that restarts takes some 8 seconds, a reader waits no longer than 10 for a word. */
export const serverPatienceMs = 8500;

/** How long a kubelet may be away: one that restarts serves logs again after some 3 to 5 seconds. */
export const kubeletPatienceMs = 7000;

/**
 * How long a container runtime may be away. A kubelet that found none tries again only after 10 to 15 seconds, so that a run that meets a
 * runtime's restart is ended too; a reader who waits no longer than 10 seconds for a word, and may run it again, counts for more.
 */
export const runtimePatienceMs = 8000;

/** Bears failures for a while. */
interface Patience {
  /** A request that began then (performance.now) failed; true when all have failed for so long that it is enough. */
  readonly fails: (began: number) => boolean;
  readonly heals: () => void;
}

/**
 * Patience that ends when nothing has succeeded for so many milliseconds, in two requests at least: one may have failed because this machine itself stood still
 * (a laptop that slept), and its time-out ends when it wakes.
 */
export const createPatience = (limitMs: number): Patience => {
  let since: number | null = null;
  let failures = 0;
  return {
    fails: (began) => {
      since ??= began;
      failures++;
      return failures > 1 && performance.now() - since >= limitMs;
    },
    heals: () => {
      since = null;
      failures = 0;
    },
  };
};

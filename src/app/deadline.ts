/** How long the program on the node may run, in seconds: its window, and for the reads themselves what a slow, busy node needs. */
export const deadlineSeconds = (windowSeconds: number): number => Math.ceil(windowSeconds) + 120;

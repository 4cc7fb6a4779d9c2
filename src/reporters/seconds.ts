/** A time in seconds as people write it: "5 s", "2.5 s". */
export const seconds = (n: number): string => `${Number(n.toFixed(1))} s`;

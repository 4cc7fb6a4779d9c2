/** How many in so many seconds are told: 10 in any time, and one in ten seconds over a long one (--since), where single bursts add up. */
export const fewestIn = (seconds: number): number => Math.max(10, Math.round(seconds / 10));

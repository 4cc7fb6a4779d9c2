/** The time of a line of a watch, in seconds since the watch began; lines stand below each other: "  +12.3 s". */
export const sinceBegin = (seconds: number): string => `+${Math.max(0, seconds).toFixed(1)} s`.padStart(9);

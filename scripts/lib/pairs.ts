/** Two things to time, A and B, in turn, so that what else the machine does hits both alike. */
export interface Pairs {
  readonly pairs: number;
  /** Pairs that are run first and not counted. */
  readonly warmUps: number;
  /** Runs one side once; gives its wall time in milliseconds. */
  readonly time: (side: 'A' | 'B') => Promise<number>;
  /** Done after each run of either side, outside of the timing. */
  readonly tidy: () => Promise<void>;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface PairTimes {
  readonly a: Spread;
  readonly b: Spread;
  /** The median of A/B over the pairs. */
  readonly ratio: number;
}

/** The middle value; of an even number the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((x, y) => x - y);
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
};

const spread = (values: readonly number[]): Spread => ({
  min: Math.min(...values),
  median: median(values),
  max: Math.max(...values),
});

/** Runs A B A B … and gives the times of all pairs but the warm-ups. */
export const timePairs = async ({ pairs, warmUps, time, tidy }: Pairs): Promise<PairTimes> => {
  const a: number[] = [];
  const b: number[] = [];
  for (let i = -warmUps; i < pairs; i++) {
    const timeA = await time('A');
    await tidy();
    const timeB = await time('B');
    await tidy();
    if (i < 0) continue;
    a.push(timeA);
    b.push(timeB);
  }
  return { a: spread(a), b: spread(b), ratio: median(a.map((ms, i) => ms / (b[i] ?? Number.NaN))) };
};

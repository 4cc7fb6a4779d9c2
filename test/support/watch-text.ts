/** What a watch prints, made by hand. */
export interface WatchText {
  readonly hello: string;
  /** The lines of a frame; `at`: seconds since the node's boot, with two digits. */
  readonly frame: (n: number, at: string, ...lines: readonly string[]) => string[];
  readonly end: (frames: number) => string;
}

/** Of the read `id`, marked with that nonce. */
export const watchText = (nonce: string, id: string): WatchText => ({
  hello: `@${nonce} H netdoctor-stream 1 mode=txt uid=0 window=6000 host=node1`,
  frame: (n, at, ...lines) => {
    const body = lines.map((l) => `|${l}`);
    const length = body.join('\n').length;
    return [`@${nonce} B ${id} ${n} ${at}`, ...body, `@${nonce} E ${id} ${n} ${at} 0 ${length} 0`];
  },
  end: (frames) => `@${nonce} Z 70.00 ${frames}`,
});

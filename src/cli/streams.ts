/** A stream to write to, as process.stdout is. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Where the report and where everything else goes. */
export interface Streams {
  readonly stdout: Output;
  readonly stderr: Output;
}

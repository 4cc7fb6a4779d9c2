/** Something in a file that keeps it, or one object of it, from being judged. */
export interface Fault {
  readonly file: string;
  /** From 1; null where it is the file itself. */
  readonly line: number | null;
  readonly message: string;
}

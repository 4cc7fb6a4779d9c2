/** A pattern that fits no check. */
export class UnknownCheck extends Error {
  override readonly name = 'UnknownCheck';
}

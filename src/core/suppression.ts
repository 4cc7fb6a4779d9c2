/** Problems that the user knows of: those of the checks that fit, on the subjects that fit. */
export interface Suppression {
  /** As it was typed: "ports/*=worker-3". */
  readonly text: string;
  /** Id of a check, or a pattern of ids. */
  readonly check: string;
  /** Pattern of what it is about: the name of a node, namespace/name of a pod or a manifest's object; null: whatever it is about. */
  readonly subject: string | null;
}

/** All suppressions of a run, and why it has them. */
export interface Suppressions {
  readonly rules: readonly Suppression[];
  readonly reason: string;
}

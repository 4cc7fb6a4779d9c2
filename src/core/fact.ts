/** What a fact is about. */
export type Scope = 'cluster' | 'node' | 'pod';

/** The key of a typed fact. A fact describes, it never judges; units stand in its field names. */
export interface Fact<T> {
  readonly id: string;
  readonly scope: Scope;
  /** One line for people: what it says. */
  readonly about: string;
  /** Carries the type only, never set. */
  readonly __type?: T;
}

/** Makes the key of a fact; `id` is its path under src/facts. */
export const fact = <T>(id: string, scope: Scope, about: string): Fact<T> => ({ id, scope, about });

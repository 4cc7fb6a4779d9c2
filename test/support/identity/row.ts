/** One thing that kubectl and netdoctor are both asked. */
export interface Row {
  readonly name: string;
  /** For both; kubectl gets them before `get --raw …`, netdoctor after `node n1`. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** No HOME. */
  readonly homeless?: true;
  /** In place of `get --raw /api/v1/nodes/n1`. */
  readonly kubectl?: readonly string[];
  /** In place of `node n1`. */
  readonly netdoctor?: readonly string[];
  /** What both must say where nobody is asked. */
  readonly says?: RegExp;
  /** Why netdoctor does otherwise, on purpose. */
  readonly why?: string;
  /** With the service account of a pod; in a network of its own, where nobody listens. */
  readonly place?: 'pod' | 'nowhere' | 'pod-nowhere';
}

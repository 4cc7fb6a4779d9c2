/** The body of a patch as a manifest has it: what a patch takes away by null is simply not there. */
export const inManifest = (body: object): unknown =>
  JSON.parse(JSON.stringify(body, (_, value: unknown) => (value === null ? undefined : value)));

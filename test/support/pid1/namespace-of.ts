/** Where the rows' pods of a node live: a namespace of their own, so that `--all` means them. */
export const namespaceOf = (node: string): string => `pid1-${node}`;

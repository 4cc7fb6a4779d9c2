/**
 * What a finding is about: a node, by its Kubernetes name (or host name where there is no API); a pod; or a pod template in a manifest, by the
 * kind and name of its object.
 */
export type Target =
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  | {
      readonly kind: 'manifest';
      readonly namespace: string;
      /** "Deployment/web". */
      readonly name: string;
      /** Path as given, "-" for standard input. */
      readonly file: string;
      /** Where the object begins, from 1. */
      readonly line: number;
    };

/** How people name it: "worker-3", "shop/web-0", "web.yaml:12 Deployment/web". */
export const targetText = (t: Target): string => {
  switch (t.kind) {
    case 'node':
      return t.name;
    case 'pod':
      return `${t.namespace}/${t.name}`;
    case 'manifest':
      return `${t.file}:${t.line} ${t.name}`;
  }
};

/** The same for two targets only if they are the same. */
export const targetKey = (t: Target): string =>
  `${t.kind} ${t.kind === 'manifest' ? `${t.namespace}/` : ''}${targetText(t)}`;

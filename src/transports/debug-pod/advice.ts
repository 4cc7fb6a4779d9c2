import { asOneself } from '../../cluster/grant.ts';
import { shellQuoted } from '../../lib/shell-quoted.ts';
import { managedBy } from './pod.ts';

/** Where the debug pod was to run, for advice. */
export interface Place {
  readonly namespace: string;
  readonly node: string;
  /** How to call kubectl for this cluster: "kubectl" or "kubectl --context x". */
  readonly kubectl: string;
}

const labelText = managedBy.join('=');

const local = 'or run netdoctor node --local on the node itself.';
const elsewhere = `or choose a namespace where it may run with --probe-namespace, ${local}`;

/** What to do where the rules of a namespace are meant for its workloads: leave them alone. */
const ownNamespace = (place: Place): string => {
  const own = place.namespace === 'netdoctor' ? 'netdoctor-probe' : 'netdoctor';
  return (
    'Give the debug pods a namespace without such limits,\n' +
    `  ${place.kubectl} create namespace ${own}\n` +
    `  ${place.kubectl} label namespace ${own} pod-security.kubernetes.io/enforce=privileged\n` +
    `and name it with --probe-namespace ${own}, ${local}`
  );
};

const seesNode = 'hostNetwork, hostPID, the hostPath / and its capabilities, with which it sees the node';

/** Texts in brackets or before a colon at a line's start, each once. */
const names = (found: Iterable<RegExpMatchArray>): string =>
  [...new Set([...found].map((m) => m[1] ?? ''))].filter((n) => n !== '').join(', ');

/** What a refusal says, and what helps; the first that fits counts. Sources of the texts: the admission plugins of Kubernetes 1.34, and the named products. */
const refusals: readonly (readonly [RegExp, (found: RegExpExecArray, place: Place) => string])[] = [
  [
    /violates PodSecurity "([^":]*)/,
    (found, place) =>
      `The namespace ${place.namespace} enforces the Pod Security Standard "${found[1]}", which admits no pod that sees the node. Let it,\n` +
      `  ${place.kubectl} label namespace ${place.namespace} pod-security.kubernetes.io/enforce=privileged --overwrite\n${elsewhere}`,
  ],
  [
    /unable to validate against any security context constraint/,
    (_, { namespace }) =>
      'OpenShift: the pod needs the SecurityContextConstraint "privileged" (host network, processes and root). Grant it,\n' +
      `  oc adm policy add-scc-to-user privileged -z default -n ${namespace}\n${elsewhere}`,
  ],
  [
    /denied by (?:autogke-|managed-namespaces-)/,
    (found) =>
      `GKE Autopilot refuses it (${names(found.input.matchAll(/denied by ([a-z0-9-]+)/g))}): it admits no pod of its users with ${seesNode}, ` +
      'in whichever namespace, and its nodes cannot be logged in to. netdoctor reads nodes of GKE Standard.',
  ],
  [
    /kyverno[^"]*" denied/,
    (found, place) => {
      const [, policies = ''] = found.input.split(/following policies\s*/);
      const named = names(policies.matchAll(/^([a-z0-9][-a-z0-9.]*):/gm));
      return (
        `Kyverno refuses it${named ? ` (${named})` : ''}: the pod needs ${seesNode}. Its policies:\n` +
        `  ${place.kubectl} get clusterpolicies,policies --all-namespaces\n` +
        `Ask their owner to exclude pods of the namespace ${place.namespace} with the label ${labelText} (a PolicyException does), ${elsewhere}`
      );
    },
  ],
  [
    /gatekeeper[^"]*" denied/,
    (found, place) => {
      const named = names(found.input.matchAll(/\[([a-z0-9][-a-z0-9.]*)\]/g));
      return (
        `Gatekeeper refuses it${named ? ` (${named})` : ''}: the pod needs ${seesNode}. Its constraints:\n` +
        `  ${place.kubectl} get constraints\n` +
        `Ask their owner to add ${place.namespace} to spec.match.excludedNamespaces, ${elsewhere}`
      );
    },
  ],
  [
    /failed calling webhook "([^"]*)"/,
    (found, place) =>
      `The admission webhook ${found[1]} does not answer, and until it does, other pods may not be created either. Find it and the Service behind it in\n` +
      `  ${place.kubectl} get validatingwebhookconfigurations,mutatingwebhookconfigurations -o yaml\n` +
      `and mend it, ${elsewhere}`,
  ],
  [
    /admission webhook "([^"]*)" denied/,
    (found, place) =>
      `The admission webhook ${found[1]} refuses it; the pod needs ${seesNode}. Find its configuration and its owner in\n` +
      `  ${place.kubectl} get validatingwebhookconfigurations,mutatingwebhookconfigurations -o yaml\n` +
      `and ask for an exception for the label ${labelText}, ${elsewhere}`,
  ],
  [
    /ValidatingAdmissionPolicy '([^']*)' with binding '([^']*)'/,
    (found, place) =>
      `The policy ${found[1]} refuses it; the pod needs ${seesNode}. Where it applies is told by\n` +
      `  ${place.kubectl} get validatingadmissionpolicybinding ${shellQuoted(found[2] ?? '')} -o yaml\n` +
      `Ask its owner to leave ${place.namespace} out of it (matchResources.namespaceSelector), ${elsewhere}`,
  ],
  [
    /exceeded quota: ([^\s,]+)|failed quota: ([^\s:]+)/,
    (found, place) =>
      `The ResourceQuota ${found[1] ?? found[2]} of ${place.namespace} leaves no room for it. ${ownNamespace(place)}`,
  ],
  [
    /(?:minimum|maximum) \S+ usage per |max limit to request ratio per |must be less than or equal to \S+ limit/,
    (_, place) => `A LimitRange of ${place.namespace} does not fit it. ${ownNamespace(place)}`,
  ],
  [
    /because it is being terminated/,
    (_, place) => `The namespace ${place.namespace} is being deleted. ${ownNamespace(place)}`,
  ],
  [
    /^namespaces "[^"]*" not found/,
    (_, { kubectl, namespace }) =>
      'netdoctor makes no namespace. Make it,\n' +
      `  ${kubectl} create namespace ${namespace}\n` +
      'or name one that exists with --probe-namespace.',
  ],
  [
    /serviceaccount "default" not found/,
    (_, { namespace }) =>
      `The namespace ${namespace} is new, and the controller manager has not made its service account yet: try again in some seconds. ` +
      'If that does not help, the controller manager may be down.',
  ],
  [
    /User "([^"]*)" cannot/,
    (found, place) => {
      const role = `netdoctor-probe --namespace ${place.namespace}`;
      return (
        'Somebody with the right to do so can grant what a debug pod takes (docs/rbac.yaml has all that netdoctor asks for),\n' +
        `  ${place.kubectl} create role ${role} --verb=create,get,watch,delete --resource=pods,pods/log\n` +
        `  ${place.kubectl} create rolebinding ${role} --role=netdoctor-probe --user=${shellQuoted(found[1] ?? '')}\n` +
        elsewhere
      );
    },
  ],
];

/** What to do when the server did not let the pod be created; `message` is the server's. */
export const createAdvice = (message: string, place: Place): string => {
  for (const [text, advice] of refusals) {
    const found = text.exec(message);
    // who acts as somebody without a right may well have it
    if (found) return advice(found, { ...place, kubectl: asOneself(place.kubectl) });
  }
  return `Choose another namespace with --probe-namespace, ${local}`;
};

/** What to do when the node cannot get the image; `others` are images that run on the node. */
export const imageAdvice = (others: readonly string[]): string =>
  'Name an image that the node has or can pull with --image (any with a POSIX shell, cat and awk will do), ' +
  'with --image-pull-secret if its registry asks for one.' +
  (others.length === 0 ? '' : `\nImages that run on this node: ${others.join(', ')}`);

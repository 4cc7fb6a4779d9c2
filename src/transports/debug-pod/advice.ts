/** Where the debug pod was to run, for advice. */
export interface Place {
  readonly namespace: string;
  readonly node: string;
  /** How to call kubectl for this cluster: "kubectl" or "kubectl --context x". */
  readonly kubectl: string;
}

const anyNamespace = 'or choose a namespace where it may run with --probe-namespace';

/** What to do when the server did not let the pod be created; `message` is the server's. */
export const createAdvice = (message: string, place: Place): string => {
  const { kubectl, namespace } = place;
  if (message.includes('violates PodSecurity')) {
    return (
      `The namespace ${namespace} does not admit a pod that sees the node. Let it,\n` +
      `  ${kubectl} label namespace ${namespace} pod-security.kubernetes.io/enforce=privileged --overwrite\n` +
      `${anyNamespace}.`
    );
  }
  if (message.includes('security context constraint')) {
    return (
      'OpenShift: the pod needs the SecurityContextConstraint "privileged" (host network, processes and root). Grant it,\n' +
      `  oc adm policy add-scc-to-user privileged -z default -n ${namespace}\n` +
      `${anyNamespace}.`
    );
  }
  if (message.includes('exceeded quota')) return `Free some of that quota, ${anyNamespace}.`;
  if (/admission webhook|denied the request|ValidatingAdmissionPolicy/.test(message)) {
    return `A policy of this cluster refused it: ask its owner for an exception, ${anyNamespace}.`;
  }
  const user = /User "([^"]*)" cannot/.exec(message)?.[1];
  if (user !== undefined) {
    const role = `netdoctor-probe --namespace ${namespace}`;
    return (
      'Somebody with the right to do so can grant it,\n' +
      `  ${kubectl} create role ${role} --verb=create,get,list,watch,delete --resource=pods,pods/log\n` +
      `  ${kubectl} create rolebinding ${role} --role=netdoctor-probe --user='${user}'\n` +
      'or run netdoctor on the node itself with --local.'
    );
  }
  if (/^namespaces "/.test(message))
    return 'netdoctor makes no namespace: name one that exists with --probe-namespace.';
  return 'On the node itself, netdoctor node --local needs no pod.';
};

/** What to do when the node cannot get the image; `others` are images that run on the node. */
export const imageAdvice = (others: readonly string[]): string =>
  'Name an image that the node has or can pull with --image (any with a POSIX shell, cat and awk will do), ' +
  'with --image-pull-secret if its registry asks for one.' +
  (others.length === 0 ? '' : `\nImages that run on this node: ${others.join(', ')}`);

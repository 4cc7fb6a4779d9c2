import { describe, expect, it } from 'vitest';
import { createAdvice, type Place } from '../../../src/transports/debug-pod/advice.ts';

const place: Place = { namespace: 'debug', node: 'n1', kubectl: 'kubectl --context prod' };
const advice = (message: string, more: Partial<Place> = {}) => createAdvice(message, { ...place, ...more });
const commands = (text: string) => text.split('\n').filter((line) => line.startsWith('  '));

const ownNamespace = [
  '  kubectl --context prod create namespace netdoctor',
  '  kubectl --context prod label namespace netdoctor pod-security.kubernetes.io/enforce=privileged',
];

/** The pod's name goes before these, as the API server of Kubernetes 1.34 words them. */
const forbidden = 'pods "netdoctor-n1-x2k4p" is forbidden: ';

describe('limits that are meant for other pods: a namespace without them', () => {
  it.each([
    'exceeded quota: few, requested: pods=1, used: pods=0, limited: pods=0',
    'exceeded quota: few, requested: limits.memory=256Mi, used: limits.memory=0, limited: limits.memory=100Mi',
    'failed quota: few: must specify limits.cpu for: probe; requests.cpu for: probe',
    'maximum memory usage per Container is 128Mi, but limit is 256Mi',
    'maximum cpu usage per Container is 1. No limit is specified',
    '[minimum cpu usage per Container is 100m, but request is 10m, minimum memory usage per Pod is 64Mi, but request is 32Mi]',
    'memory max limit to request ratio per Container is 2, but provided ratio is 8.000000',
    'unable to create new content in namespace debug because it is being terminated',
  ])('%s', (words) => {
    expect(commands(advice(forbidden + words))).toEqual(ownNamespace);
  });

  it('a default limit that is smaller than the request', () => {
    const words =
      'Pod "netdoctor-n1-x2k4p" is invalid: spec.containers[0].resources.requests: Invalid value: "10m": must be less than or equal to cpu limit of 5m';
    expect(commands(advice(words))).toEqual(ownNamespace);
  });

  it('names the quota', () => {
    expect(advice(`${forbidden}exceeded quota: few, requested: pods=1`)).toContain('ResourceQuota few of debug');
    expect(advice(`${forbidden}failed quota: few: must specify limits.cpu`)).toContain('ResourceQuota few of debug');
  });

  it('is not the namespace that has them', () => {
    const text = advice(`${forbidden}exceeded quota: few, requested: pods=1`, { namespace: 'netdoctor' });
    expect(text).toContain('--probe-namespace netdoctor-probe,');
  });
});

it.each(['restricted', 'baseline'])('PodSecurity %s: the label that lets it', (level) => {
  const text = advice(`${forbidden}violates PodSecurity "${level}:latest": host namespaces (hostNetwork=true)`);
  expect(text).toContain(`"${level}"`);
  expect(commands(text)).toEqual([
    '  kubectl --context prod label namespace debug pod-security.kubernetes.io/enforce=privileged --overwrite',
  ]);
});

it('a namespace that does not exist is made', () => {
  expect(commands(advice('namespaces "debug" not found'))).toEqual(['  kubectl --context prod create namespace debug']);
});

it('OpenShift: the constraint that lets it', () => {
  const text = advice(
    `${forbidden}unable to validate against any security context constraint: [provider "anyuid": Forbidden: not usable by user or serviceaccount]`,
  );
  expect(commands(text)).toEqual(['  oc adm policy add-scc-to-user privileged -z default -n debug']);
});

describe('policies', () => {
  it('Kyverno: names its policies and what they refuse', () => {
    const text = advice(
      'admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource Pod/debug/netdoctor-n1-x2k4p was blocked due to the following policies \n\n' +
        "disallow-host-namespaces:\n  host-namespaces: 'validation error: Sharing the host namespaces is disallowed.'\ndisallow-host-path:\n  host-path: no\n",
    );
    expect(text).toContain('(disallow-host-namespaces, disallow-host-path)');
    expect(text).toContain('hostPID');
    expect(commands(text)).toEqual(['  kubectl --context prod get clusterpolicies,policies --all-namespaces']);
  });

  it('Gatekeeper: names its constraints', () => {
    const text = advice(
      'admission webhook "validation.gatekeeper.sh" denied the request: [psp-host-namespace] Sharing the host namespace is not allowed: netdoctor\n[psp-host-filesystem] HostPath volume is not allowed',
    );
    expect(text).toContain('(psp-host-namespace, psp-host-filesystem)');
    expect(text).toContain('excludedNamespaces');
  });

  it('GKE Autopilot: that nothing helps', () => {
    const text = advice(
      'admission webhook "warden-validating.common-webhooks.networking.gke.io" denied the request: GKE Warden rejected the request because it violates one or more constraints.\n' +
        'Violations details: {"[denied by autogke-disallow-hostnamespaces]":["enabling hostPID is not allowed in Autopilot."],"[denied by autogke-no-write-mode-hostpath]":["hostPath volume host"]}',
    );
    expect(text).toContain('(autogke-disallow-hostnamespaces, autogke-no-write-mode-hostpath)');
    expect(text).not.toContain('--probe-namespace');
  });

  it('any other webhook, by its name', () => {
    const text = advice('admission webhook "x.example.org" denied the request: no');
    expect(text).toContain('x.example.org');
    expect(commands(text)).toHaveLength(1);
  });

  it('a webhook that does not answer is a fault of the cluster', () => {
    const text = advice(
      'Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": failed to call webhook: Post "https://127.0.0.1:1/?timeout=2s": dial tcp 127.0.0.1:1: connect: connection refused',
    );
    expect(text).toContain('The admission webhook validate.kyverno.svc-fail does not answer');
  });

  it('a ValidatingAdmissionPolicy, by its binding', () => {
    const text = advice(`${forbidden}ValidatingAdmissionPolicy 'no-host' with binding 'all' denied request: no`);
    expect(commands(text)).toEqual(["  kubectl --context prod get validatingadmissionpolicybinding 'all' -o yaml"]);
  });
});

describe('rights', () => {
  const denied = (user: string) =>
    `pods is forbidden: User "${user}" cannot create resource "pods" in API group "" in the namespace "debug"`;

  it('are granted by somebody else, in nobody’s name', () => {
    const text = advice(denied('jane'), {
      kubectl: "kubectl --context prod --as jane --as-group 'it'\\''s us' --as-uid 7 --insecure-skip-tls-verify",
    });
    expect(commands(text)).toEqual([
      '  kubectl --context prod --insecure-skip-tls-verify create role netdoctor-probe --namespace debug --verb=create,get,watch,delete --resource=pods,pods/log',
      "  kubectl --context prod --insecure-skip-tls-verify create rolebinding netdoctor-probe --namespace debug --role=netdoctor-probe --user='jane'",
    ]);
  });

  it('a name that a shell would obey is quoted', () => {
    expect(advice(denied("x'; reboot '"))).toContain("--user='x'\\''; reboot '\\'''");
  });
});

it('a namespace whose service account is not there yet: again', () => {
  expect(
    advice(`${forbidden}error looking up service account debug/default: serviceaccount "default" not found`),
  ).toContain('try again');
});

it.each(['', 'something that nobody knows'])('whatever else (%s): what is always possible', (message) => {
  expect(advice(message)).toMatch(/--probe-namespace.*--local/);
});

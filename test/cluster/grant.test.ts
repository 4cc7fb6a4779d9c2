import { expect, it } from 'vitest';
import { ApiError } from '../../src/cluster/api-error.ts';
import { asOneself, grantAdvice, grantCommands, withGrant } from '../../src/cluster/grant.ts';

const lacks = (verb: string, resource: string, where = 'at the cluster scope', group = '', user = 'jane'): string =>
  `cannot do it: ${resource} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;

it('grants what is missing, and no more', () => {
  const messages = [
    lacks('list', 'services'),
    lacks('list', 'endpointslices', 'at the cluster scope', 'discovery.k8s.io'),
    lacks('get', 'nodes'),
    lacks('list', 'nodes'),
    lacks('list', 'services'),
    'services are slow',
  ];
  expect(grantCommands(messages, 'kubectl --context prod')).toEqual([
    'kubectl --context prod create clusterrole netdoctor-services --verb=list --resource=services,endpointslices.discovery.k8s.io',
    'kubectl --context prod create clusterrolebinding netdoctor-services --clusterrole=netdoctor-services --user=jane',
    'kubectl --context prod create clusterrole netdoctor-nodes --verb=get,list --resource=nodes',
    'kubectl --context prod create clusterrolebinding netdoctor-nodes --clusterrole=netdoctor-nodes --user=jane',
  ]);
});

it('of objects in a namespace only those that were asked for', () => {
  const one = (name: string): string =>
    `configmaps "${name}" is forbidden: User "jane" cannot get resource "configmaps" in API group "" in the namespace "kube-system"`;
  expect(grantCommands([one('kube-proxy'), one('kubeadm-config')], 'kubectl')[0]).toBe(
    'kubectl create role netdoctor-configmaps --namespace kube-system --verb=get --resource=configmaps --resource-name=kube-proxy --resource-name=kubeadm-config',
  );
});

it('quotes what the server says, and leaves a name that it does not say to the reader', () => {
  const user = (name: string): string | undefined =>
    grantCommands([lacks('list', 'pods', undefined, '', name)], 'kubectl')[1]?.split('--user=')[1];
  expect(user("o'neill; rm -rf /")).toBe("'o'\\''neill; rm -rf /'");
  expect(user('system:serviceaccount:ops:doctor')).toBe('system:serviceaccount:ops:doctor');
  expect(user('')).toBe('USER');
});

it('says nothing where there is nothing to grant', () => {
  expect(grantAdvice(['pods "x" is forbidden: exceeded quota'], 'kubectl')).toBeNull();
  const other = new ApiError('status', 'Error from server (NotFound): x', { status: 404 });
  expect(withGrant(other, 'kubectl')).toBe(other);
  const quota = new ApiError('status', 'Error from server (Forbidden): exceeded quota', { status: 403 });
  expect(withGrant(quota, 'kubectl')).toBe(quota);
});

it('stands behind the words of the server', () => {
  const message = `Error from server (Forbidden): ${lacks('list', 'nodes')}`;
  const mended = withGrant(new ApiError('status', message, { status: 403, reason: 'Forbidden' }), 'kubectl');
  expect(mended).toMatchObject({ status: 403, reason: 'Forbidden' });
  expect(String(mended)).toMatch(
    /at the cluster scope\nSomebody with the right .*\n {2}kubectl create clusterrole netdoctor-nodes/,
  );
});

it.each([
  ["kubectl --context p --as 'o'\\''x' --as-group g --as-group 'h i' --as-uid 1", 'kubectl --context p'],
  ['kubectl --as me --as-user-extra k=v --server https://h:1', 'kubectl --server https://h:1'],
  ['kubectl --token="$TOKEN" --username=me --password="$PASSWORD"', 'kubectl'],
  ['kubectl --context --as', 'kubectl --context --as'],
])('%s as oneself: %s', (kubectl, own) => {
  expect(asOneself(kubectl)).toBe(own);
});

import { expect, it } from 'vitest';
import { at, textAt } from '../../../src/lib/json.ts';
import { podFor } from '../../../src/transports/debug-pod/pod.ts';
import { preflight } from '../../../src/transports/debug-pod/preflight.ts';
import { fakeApiserver, type Rule, refuse } from './fake-apiserver.ts';

const pod = podFor({
  name: 'netdoctor-n-x',
  namespace: 'ns',
  node: 'n',
  image: 'i',
  imagePullPolicy: 'IfNotPresent',
  imagePullSecret: null,
  capabilities: [],
  program: ':',
  runId: 'r',
  activeDeadlineSeconds: 9,
  graceSeconds: 1,
});
const place = { namespace: 'ns', node: 'n', kubectl: 'kubectl', instead: 'or do without a pod.' };
const never = new AbortController().signal;

/** Grants all but these ("watch pods", "get pods/log"). */
const reviews =
  (...denied: readonly string[]): Rule =>
  ({ url, body }, response) => {
    if (!url.pathname.endsWith('/selfsubjectaccessreviews')) return false;
    const of = at(body, 'spec', 'resourceAttributes');
    const what = `${textAt(of, 'verb')} ${[textAt(of, 'resource'), textAt(of, 'subresource')].filter((t) => t !== '').join('/')}`;
    expect(textAt(of, 'namespace')).toBe('ns');
    response.writeHead(201).end(JSON.stringify({ status: { allowed: !denied.includes(what) } }));
    return true;
  };
const whoAmI: Rule = ({ url }, response) => {
  if (!url.pathname.endsWith('/selfsubjectreviews')) return false;
  response.writeHead(201).end(JSON.stringify({ status: { userInfo: { username: 'jane' } } }));
  return true;
};
const dryRun =
  (code: number, reason: string, message: string): Rule =>
  ({ url }, response) =>
    url.searchParams.get('dryRun') === 'All' && refuse(response, code, reason, message);

const run = async (...rules: readonly Rule[]): Promise<readonly string[]> => {
  await using server = await fakeApiserver(...rules);
  return await preflight(server.api, pod, place, never);
};

it('asks for the rights and tries a pod, and makes none', async () => {
  await using server = await fakeApiserver(reviews(), whoAmI);
  expect(await preflight(server.api, pod, place, never)).toEqual([]);
  expect(server.requests.filter((r) => r.includes('/pods'))).toEqual(['POST /api/v1/namespaces/ns/pods?dryRun=All']);
  expect(server.requests.filter((r) => r.includes('selfsubjectaccessreviews'))).toHaveLength(5);
  expect(server.requests.some((r) => r.includes('selfsubjectreviews'))).toBe(false);
});

it.each(['create pods', 'delete pods', 'get pods/log'])(
  'refuses without %s, and says who lacks it and what helps',
  async (right) => {
    const [verb, resource = ''] = right.split(' ');
    const refused = run(reviews(right), whoAmI);
    await expect(refused).rejects.toThrow(
      `User "jane" cannot ${verb} resource "${resource}" in API group "" in the namespace "ns"`,
    );
    const role = `netdoctor-${resource.replace('/', '-')} --namespace ns`;
    await expect(refused).rejects.toThrow(
      `\n  kubectl create role ${role} --verb=${verb} --resource=${resource}\n` +
        `  kubectl create rolebinding ${role} --role=${role.split(' ')[0]} --user=jane\n`,
    );
  },
);

it('tells all that is missing at once, and the fewest roles that grant it', async () => {
  const refused = run(reviews('create pods', 'delete pods', 'get pods/log', 'watch pods'), whoAmI);
  await expect(refused).rejects.toThrow(/create resource "pods".*\n.*delete.*\n.*get resource "pods\/log".*\n.*watch/);
  await expect(refused).rejects.toThrow('--verb=create,delete,watch --resource=pods\n');
  await expect(refused).rejects.toThrow('--verb=get --resource=pods/log\n');
});

it('the server’s own refusal of the trial comes first, whole, and names the user', async () => {
  const own =
    'pods is forbidden: User "jane@corp" cannot create resource "pods" in API group "" in the namespace "ns": requires container.pods.create';
  const refused = run(reviews('create pods', 'get pods/log'), dryRun(403, 'Forbidden', own));
  await expect(refused).rejects.toThrow(`Error from server (Forbidden): ${own}\n`);
  await expect(refused).rejects.toThrow('User "jane@corp" cannot get resource "pods/log"');
  await expect(refused).rejects.toThrow('--user=jane@corp\n');
});

it('what the authorizer says beside its no is told', async () => {
  const review: Rule = ({ url, body }, response) => {
    if (!url.pathname.endsWith('/selfsubjectaccessreviews')) return false;
    const allowed = textAt(body, 'spec', 'resourceAttributes', 'verb') !== 'delete';
    const reason = allowed ? '' : 'ask platform-team@corp';
    response.writeHead(201).end(JSON.stringify({ status: { allowed, reason, evaluationError: 'no role found' } }));
    return true;
  };
  await expect(run(review, whoAmI)).rejects.toThrow(
    'cannot delete resource "pods" in API group "" in the namespace "ns" (ask platform-team@corp; no role found)',
  );
});

it.each(['watch pods', 'get pods'])('without %s it goes on, and says what is worse', async (right) => {
  const [note, ...others] = await run(reviews(right), whoAmI);
  expect(note).toMatch(new RegExp(`^User "jane" cannot ${right.split(' ')[0]} resource "pods" .*: `));
  expect(others).toEqual([]);
});

it('a server that does not say who we are is no hindrance', async () => {
  const [note] = await run(
    reviews('watch pods'),
    ({ url }, response) =>
      url.pathname.endsWith('/selfsubjectreviews') && refuse(response, 404, 'NotFound', 'not found'),
  );
  expect(note).toMatch(/^you cannot watch/);
});

it('a command for a user that is not known leaves the name to the reader', async () => {
  const nobody: Rule = ({ url }, response) =>
    url.pathname.endsWith('/selfsubjectreviews') && refuse(response, 404, 'NotFound', 'not found');
  await expect(run(reviews('delete pods'), nobody)).rejects.toThrow(/you cannot delete[\s\S]*--user=USER\n/);
});

it('reviews that may not be asked for are no refusal: the trial decides', async () => {
  const noReviews: Rule = ({ url }, response) =>
    url.pathname.includes('selfsubject') && refuse(response, 403, 'Forbidden', 'no reviews');
  expect(await run(noReviews)).toEqual([]);
  await expect(
    run(noReviews, dryRun(403, 'Forbidden', 'pods is forbidden: User "jane" cannot create resource "pods"')),
  ).rejects.toThrow(/User "jane" cannot create resource "pods"\n.*\n.*create role/);
});

it.each([
  [
    403,
    'Forbidden',
    'pods "x" is forbidden: violates PodSecurity "restricted:latest": host namespaces',
    /violates PodSecurity.*\n.*\n {2}kubectl label namespace ns/,
  ],
  [
    403,
    'Forbidden',
    'pods "x" is forbidden: exceeded quota: q, requested: pods=1',
    /exceeded quota: q.*\n.*The ResourceQuota q/,
  ],
  [404, 'NotFound', 'namespaces "ns" not found', /namespaces "ns" not found\n.*\n {2}kubectl create namespace ns/],
  [500, 'InternalError', 'admission webhook "w" denied the request: no', /admission webhook "w" denied/],
])('what admission refuses is told with its remedy: %i %s %s', async (code, reason, message, words) => {
  await expect(run(reviews(), dryRun(code, reason, message))).rejects.toThrow(words);
});

it.each([
  [400, 'BadRequest', 'admission webhook "w" does not support dry run'],
  [429, 'TooManyRequests', 'try again later'],
  [503, 'ServiceUnavailable', 'not now'],
])('an answer that decides nothing is left to the creation itself: %i %s', async (code, reason, message) => {
  expect(await run(reviews(), dryRun(code, reason, message))).toEqual([]);
});

it('a server that does not know us is told in its own words', async () => {
  await expect(run((_, response) => refuse(response, 401, 'Unauthorized', 'Unauthorized'))).rejects.toThrow(
    'You must be logged in to the server (Unauthorized)',
  );
});

it('an answer without the word allowed decides nothing', async () => {
  const odd: Rule = ({ url }, response) => {
    if (!url.pathname.includes('selfsubject')) return false;
    response.end('{"status":{"allowed":"yes"}}');
    return true;
  };
  expect(await run(odd)).toEqual([]);
});

import { expect, it } from 'vitest';
import { chooseNodes } from '../../src/app/choose-nodes.ts';
import type { NodeChoice } from '../../src/app/request.ts';
import { fakeApiserver, type Rule, refuse } from '../transports/debug-pod/fake-apiserver.ts';

const never = new AbortController().signal;

/** A server with these nodes, so many to a page. */
const nodes =
  (names: readonly string[], page = 2): Rule =>
  ({ url }, response) => {
    const from = Number(url.searchParams.get('continue') ?? 0);
    const more = from + page < names.length ? { continue: String(from + page) } : {};
    const items = names.slice(from, from + page).map((name) => ({ metadata: { name } }));
    response.end(JSON.stringify({ metadata: more, items }));
    return true;
  };

const choose = async (choice: NodeChoice, rule: Rule) => {
  await using server = await fakeApiserver(rule);
  const names = await chooseNodes(server.api, choice, 'kubectl', never);
  return { names, requests: server.requests };
};

it('takes names as they are, and asks nobody', async () => {
  const { names, requests } = await choose({ by: 'name', names: ['b', 'a'] }, nodes([]));
  expect(names).toEqual(['b', 'a']);
  expect(requests).toEqual([]);
});

it('lists all, page by page, in order', async () => {
  const { names, requests } = await choose({ by: 'all' }, nodes(['c', 'a', 'b']));
  expect(names).toEqual(['a', 'b', 'c']);
  expect(requests).toEqual(['GET /api/v1/nodes?limit=200', 'GET /api/v1/nodes?limit=200&continue=2']);
});

it('hands the selector to the server', async () => {
  const { requests } = await choose({ by: 'selector', selector: 'role in (web,db),!x' }, nodes(['a']));
  const asked = new URL(requests[0]?.replace('GET ', 'http://x') ?? '');
  expect(asked.searchParams.get('labelSelector')).toBe('role in (web,db),!x');
});

it('passes over what is no name of a node', async () => {
  const { names } = await choose({ by: 'all' }, nodes(['ok.example', '', '../../x', 'UP', 'a b', '\x1b[31m'], 10));
  expect(names).toEqual(['ok.example']);
});

it.each<[NodeChoice, string]>([
  [{ by: 'all' }, 'No resources found: the cluster has no nodes.'],
  [{ by: 'selector', selector: 'a=b' }, 'No resources found: no node has a=b.'],
])('none is an error: %o', async (choice, words) => {
  await expect(choose(choice, nodes([]))).rejects.toThrow(words);
});

it('who may not list nodes hears what grants it', async () => {
  const message = 'nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope';
  const refused = choose({ by: 'all' }, (_, response) => refuse(response, 403, 'Forbidden', message));
  await expect(refused).rejects.toThrow(`Error from server (Forbidden): ${message}\n`);
  await expect(refused).rejects.toThrow('--verb=list --resource=nodes\n');
});

import type { KubeApi } from '../cluster/api.ts';
import { ApiError } from '../cluster/api-error.ts';
import { withGrant } from '../cluster/grant.ts';
import { pagesOf } from '../cluster/pages-of.ts';
import type { Output, Raw } from '../core/read.ts';
import { TransportError } from '../core/transport.ts';
import { at, listAt, textAt } from '../lib/json.ts';
import { nearNames } from '../lib/near-names.ts';
import { subjectsKube } from '../probes/workloads/subjects.kube.ts';
import { keptOf } from '../transports/kube-api/kept.ts';
import { readPages } from '../transports/kube-api/pages.ts';
import { podResources } from './pod-resources.ts';
import type { PodChoice, PodRef } from './request.ts';

/** The chosen pods: the API's answer, as the read of the chosen pods is answered, and the nodes that they are on. */
export interface ChosenPods {
  readonly raw: Raw;
  /** Names of nodes, in order; null for pods that are on none. */
  readonly nodes: readonly (string | null)[];
}

/** How many objects of a namespace are looked at for near names. */
const nearLimit = 500;

/** A label selector of the API (matchLabels, matchExpressions) as kubectl's -l writes it; null for one that selects nothing by labels. */
const selectorText = (selector: unknown): string | null => {
  const labels = Object.entries(at(selector, 'matchLabels') ?? {}).map(([k, v]) => `${k}=${String(v)}`);
  const expressions = listAt(selector, 'matchExpressions').map((e) => {
    const key = textAt(e, 'key');
    const values = listAt(e, 'values').map(String).join(',');
    switch (textAt(e, 'operator')) {
      case 'In':
        return `${key} in (${values})`;
      case 'NotIn':
        return `${key} notin (${values})`;
      case 'Exists':
        return key;
      default:
        return `!${key}`;
    }
  });
  const all = [...labels, ...expressions];
  return all.length === 0 ? null : all.join(',');
};

/** Whether the pod is of this workload: other pods may have its labels. A Deployment's pods belong to its ReplicaSets. */
const isOf = (pod: unknown, ref: PodRef): boolean => {
  if (ref.kind === 'pod' || ref.kind === 'service') return true;
  const owner = listAt(pod, 'metadata', 'ownerReferences').find((o) => at(o, 'controller') === true);
  const [kind, name] = [textAt(owner, 'kind').toLowerCase(), textAt(owner, 'name')];
  if (ref.kind !== 'deployment') return kind === ref.kind && name === ref.name;
  return kind === 'replicaset' && name.startsWith(`${ref.name}-`) && !name.slice(ref.name.length + 1).includes('-');
};

/** Lists and asks on behalf of one choice. */
class Chooser {
  readonly #api: KubeApi;
  readonly #scope: string;
  readonly #signal: AbortSignal;

  constructor(api: KubeApi, scope: string, signal: AbortSignal) {
    this.#api = api;
    this.#scope = scope;
    this.#signal = signal;
  }

  /** Pods by a query ("labelSelector=…"), each as much as probes keep. */
  async list(query: string): Promise<Output> {
    const path = `/api/v1/${this.#scope}pods${query === '' ? '' : `?${query}`}`;
    return await readPages(this.#api, path, this.#signal, (pages) => keptOf(subjectsKube.reads.pods, pages));
  }

  async #near(name: string): Promise<string> {
    const path = `/api/v1/${this.#scope}pods`;
    const names: string[] = [];
    try {
      const get = (page: string) => this.#api.get(page, { signal: this.#signal, metadataOnly: true });
      for await (const { body } of pagesOf(get, path, nearLimit)) {
        names.push(...listAt(body, 'items').map((p) => textAt(p, 'metadata', 'name')));
        break;
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    const near = nearNames(name, names);
    return near.length > 0 ? `\nDid you mean ${near.join(' or ')}?` : '';
  }

  /** What has the pods, by a list of one: so that the right to list is enough. */
  async #owner(kind: PodRef['kind'], name: string): Promise<unknown> {
    const resource = podResources[kind];
    const query = new URLSearchParams({ fieldSelector: `metadata.name=${name}` });
    const { body } = await this.#api.get(`/${resource.path.replace('{scope}', this.#scope)}?${query}`, {
      signal: this.#signal,
    });
    const [found] = listAt(body, 'items');
    if (found === undefined)
      throw new TransportError(`Error from server (NotFound): ${resource.name} "${name}" not found`);
    return found;
  }

  async of(ref: PodRef): Promise<{ readonly output: Output; readonly items: readonly unknown[] }> {
    if (ref.kind === 'pod') {
      const output = await this.list(String(new URLSearchParams({ fieldSelector: `metadata.name=${ref.name}` })));
      const items = listAt(JSON.parse(output.stdout), 'items');
      if (items.length === 0)
        throw new TransportError(
          `Error from server (NotFound): pods "${ref.name}" not found${await this.#near(ref.name)}`,
        );
      return { output, items };
    }
    const selector = at(await this.#owner(ref.kind, ref.name), 'spec', 'selector');
    const labels = selectorText(ref.kind === 'service' ? { matchLabels: selector } : selector);
    if (labels === null) throw new TransportError(`${ref.kind} ${ref.name} has no selector: it chooses no pods.`);
    const output = await this.list(String(new URLSearchParams({ labelSelector: labels })));
    const items = listAt(JSON.parse(output.stdout), 'items').filter((pod) => isOf(pod, ref));
    if (items.length === 0) throw new TransportError(`No resources found: ${ref.kind} ${ref.name} has no pods.`);
    return { output, items };
  }
}

const inWords = ({ selector }: PodChoice, namespace: string | null): string => {
  const where = namespace === null ? '' : ` in ${namespace} namespace`;
  return selector === null ? `No resources found${where}.` : `No resources found${where}: no pod has ${selector}.`;
};

/**
 * Finds the chosen pods. `scope` is that of the reads (see Place), `kubectl` how to call it for this cluster, in advice. Throws
 * {@link TransportError} when there are none (that is no healthy result), and ApiError.
 */
export const choosePods = async (
  api: KubeApi,
  choice: PodChoice,
  place: { readonly scope: string; readonly namespace: string | null; readonly kubectl: string },
  signal: AbortSignal,
): Promise<ChosenPods> => {
  const chooser = new Chooser(api, place.scope, signal);
  const pods = new Map<string, unknown>();
  let atMs: number | null = null;
  const take = (output: Output, items: readonly unknown[]): void => {
    // the oldest of the answers: what was older than something then is so now
    atMs = Math.min(atMs ?? output.atMs, output.atMs);
    for (const pod of items) pods.set(textAt(pod, 'metadata', 'uid'), pod);
  };
  try {
    for (const ref of choice.refs) {
      const { output, items } = await chooser.of(ref);
      take(output, items);
    }
    if (choice.refs.length === 0) {
      const query = choice.selector === null ? {} : { labelSelector: choice.selector };
      const output = await chooser.list(String(new URLSearchParams(query)));
      take(output, listAt(JSON.parse(output.stdout), 'items'));
    }
  } catch (error) {
    throw withGrant(error, place.kubectl);
  }
  if (pods.size === 0) throw new TransportError(inWords(choice, place.namespace));
  const items = [...pods.values()];
  const nodes = [...new Set(items.map((p) => textAt(p, 'spec', 'nodeName') || null))];
  const output: Output = { stdout: JSON.stringify({ items }), stderr: '', exit: 0, sample: 0, atMs: atMs ?? 0 };
  return {
    raw: { ok: true, outputs: [output] },
    nodes: nodes.toSorted((a, b) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1)),
  };
};

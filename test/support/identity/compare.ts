import type { Row } from './row.ts';
import { runTool } from './tool.ts';
import type { World } from './world.ts';

/** What a tool did: what servers, proxies and plugins noted, and what it said where that is nothing. */
interface Deed {
  readonly asked: readonly string[];
  readonly said: string;
}

/** How a row came out. */
export interface Outcome {
  readonly row: Row;
  readonly kubectl: string;
  readonly netdoctor: string;
  /** `differs` without a reason in the row is a fault. */
  readonly verdict: 'same' | 'refused' | 'differs';
}

const account = '/run/secrets/kubernetes.io/serviceaccount';

const inPlace = (w: World, row: Row, argv: readonly string[]): readonly string[] => {
  if (row.place === undefined) return argv;
  const network = row.place === 'pod' ? [] : ['ip link set lo up'];
  const pod = [
    'mount -t tmpfs tmpfs /run',
    `mkdir -p ${account}`,
    `cp ${w.folder}/ca-a.crt ${account}/ca.crt`,
    `printf account >${account}/token`,
    `printf pods >${account}/namespace`,
  ];
  const steps = [...network, ...(row.place === 'nowhere' ? [] : pod), 'exec "$@"'].join(' && ');
  const unshare = ['unshare', ...(row.place === 'nowhere' ? [] : ['-m']), ...(row.place === 'pod' ? [] : ['-n'])];
  return [...unshare, 'sh', '-c', steps, 'sh', ...argv];
};

const words = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => !/^([EWI]\d{4} |Usage|See '|Run ')/.test(line) && line.trim() !== '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    // which resolver there is, and how it fails, is the machine's own
    .replace(/(lookup \S+?)( on \S+)?: .*$/, '$1: …')
    .trim();

const sortedJson = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .sort(([x], [y]) => (x < y ? -1 : 1))
          .map(([k, v]) => [k, sortedJson(v)]),
      );

const stable = (line: string): string =>
  line.replace(/ told (\{.*\})$/, (_, json: string) => ` told ${JSON.stringify(sortedJson(JSON.parse(json)))}`);

const run = async (w: World, row: Row, argv: readonly string[], main: string): Promise<Deed> => {
  const env = {
    PATH: `${process.env.PATH}:${w.folder}`,
    ...(row.homeless ? {} : { HOME: `${w.folder}/home` }),
    KUBECACHEDIR: `${w.folder}/cache`,
    NO_COLOR: '1',
    ...(row.env ?? { KUBECONFIG: main }),
    ...(row.place?.startsWith('pod')
      ? { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(w.port.a) }
      : {}),
  };
  const end = await runTool(inPlace(w, row, argv), { env, cwd: `${w.folder}/cwd` });
  return { asked: w.noted().map(stable).sort(), said: w.plainly(words(end.stderr)) };
};

const same = (one: Deed, other: Deed): boolean => JSON.stringify(one.asked) === JSON.stringify(other.asked);

/** Servers that were asked; a proxy that was tried for nothing is none. */
const servers = (d: Deed): readonly string[] => d.asked.filter((line) => / node /.test(line));

const told = (d: Deed): string => [...d.asked, ...(servers(d).length > 0 ? [] : [`“${d.said}”`])].join('; ');

const verdictOf = (row: Row, kubectl: Deed, netdoctor: Deed): Outcome['verdict'] => {
  if (!same(kubectl, netdoctor))
    return servers(netdoctor).length === 0 && row.says?.test(netdoctor.said) ? 'refused' : 'differs';
  if (servers(kubectl).length > 0) return 'same';
  return row.says?.test(kubectl.said) && row.says.test(netdoctor.said) ? 'same' : 'differs';
};

/** Asks both and judges. */
export const compare = async (
  w: World,
  row: Row,
  tools: { readonly kubectl: string; readonly netdoctor: readonly string[]; readonly kubeconfig: string },
): Promise<Outcome> => {
  const flags = row.flags ?? [];
  const ask = (argv: readonly string[]) => run(w, row, argv, tools.kubeconfig);
  const kubectl = await ask([tools.kubectl, ...flags, ...(row.kubectl ?? ['get', '--raw', '/api/v1/nodes/n1'])]);
  const netdoctor = await ask([...tools.netdoctor, ...(row.netdoctor ?? ['node', 'n1']), ...flags]);
  return { row, kubectl: told(kubectl), netdoctor: told(netdoctor), verdict: verdictOf(row, kubectl, netdoctor) };
};

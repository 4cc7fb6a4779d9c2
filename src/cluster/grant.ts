import { shellWord } from '../lib/shell-word.ts';
import { ApiError } from './api-error.ts';

/** A right that somebody lacks, as the API server says it. */
interface Lack {
  readonly user: string;
  readonly verb: string;
  /** With its API group where it is not the core one: "endpointslices.discovery.k8s.io". */
  readonly resource: string;
  /** Null: at the scope of the cluster. */
  readonly namespace: string | null;
  /** The one object that was asked for by its name, in a namespace. */
  readonly object: string | null;
}

const sentence =
  /(?:"([^"]+)" is forbidden: )?User "([^"]*)" cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(?: at the cluster scope| in the namespace "([^"]+)")/g;

const lacksIn = (text: string): readonly Lack[] =>
  [...text.matchAll(sentence)].map(([, object, user = '', verb = '', resource = '', group = '', namespace]) => ({
    user,
    verb,
    resource: group === '' ? resource : `${resource}.${group}`,
    namespace: namespace ?? null,
    object: namespace === undefined || verb === 'create' ? null : (object ?? null),
  }));

/** The same call as oneself, without impersonation or a token: who was given one without a right may well have the right. */
export const asOneself = (kubectl: string): string =>
  kubectl.replaceAll(/ --(?:as(?:-group|-uid|-user-extra)?|token|username|password)[ =](?:'(?:[^']|'\\'')*'|\S+)/g, '');

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/**
 * The commands that grant what these messages of the API server say is missing, no more, a line each; none where they say nothing of the
 * kind. `kubectl` is how to call it for this cluster. A user that the server did not name is left to the reader: USER.
 */
export const grantCommands = (messages: readonly string[], kubectl: string): readonly string[] => {
  const lacks = messages.flatMap(lacksIn);
  // the verbs of each resource first, then resources with the same verbs together: one role for both
  const byResource = Map.groupBy(lacks, (l) => JSON.stringify([l.namespace, l.user, l.object !== null, l.resource]));
  const byVerbs = Map.groupBy(byResource.values(), (of) =>
    JSON.stringify([of[0]?.namespace, of[0]?.user, of[0]?.object === null, distinct(of.map((l) => l.verb)).toSorted()]),
  );
  return [...byVerbs.values()].flatMap((groups) => {
    const of = groups.flat();
    const [first] = of;
    if (!first) return [];
    const { namespace, user } = first;
    const [role, where] = namespace === null ? ['clusterrole', ''] : ['role', ` --namespace ${shellWord(namespace)}`];
    const objects = distinct(of.flatMap((l) => l.object ?? [])).map((o) => ` --resource-name=${shellWord(o)}`);
    const resources = distinct(of.map((l) => l.resource));
    const verbs = distinct(of.map((l) => l.verb));
    const name = `netdoctor-${(resources[0] ?? '').replaceAll(/[^a-z]+/g, '-')}`;
    const own = asOneself(kubectl);
    return [
      `${own} create ${role} ${name}${where} --verb=${verbs.join(',')} --resource=${resources.join(',')}${objects.join('')}`,
      `${own} create ${role}binding ${name}${where} --${role}=${name} --user=${user === '' ? 'USER' : shellWord(user)}`,
    ];
  });
};

/** The same as a paragraph, or null where there is nothing to grant. */
export const grantAdvice = (messages: readonly string[], kubectl: string): string | null => {
  const commands = grantCommands(messages, kubectl);
  if (commands.length === 0) return null;
  return `Somebody with the right to do so can grant it (docs/rbac.yaml has all that netdoctor asks for),\n${commands.map((c) => `  ${c}`).join('\n')}`;
};

/** A refusal of the API server with the commands that mend it behind its words; any other error as it is. */
export const withGrant = (error: unknown, kubectl: string): unknown => {
  if (!(error instanceof ApiError) || error.status !== 403) return error;
  const advice = grantAdvice([error.message], kubectl);
  const { status, reason, serverMessage } = error;
  return advice === null
    ? error
    : new ApiError(error.kind, `${error.message}\n${advice}`, { status, reason, serverMessage, cause: error });
};

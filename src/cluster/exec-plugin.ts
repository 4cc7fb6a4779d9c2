import { spawn } from 'node:child_process';
import { at, textAt } from '../lib/json.ts';
import { ApiError } from './api-error.ts';
import type { Connection } from './connection.ts';
import type { ExecEntry } from './kubeconfig/entries.ts';
import type { Env } from './kubeconfig/locate.ts';

/** What a plugin gave: a token, a certificate with its key, or both. */
export interface ExecCredential {
  readonly token: string | null;
  readonly certifiedKey: { readonly certificate: string; readonly key: string } | null;
}

/** Where a plugin runs. */
export interface ExecSurroundings {
  readonly env: Env;
  /** A person can answer on standard input. */
  readonly interactive: boolean;
  /** Nothing of what the plugin says on its standard error is passed on. */
  readonly silent?: boolean;
}

const apiVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** How long a plugin may take: people log in through browsers and phones meanwhile. */
const limitMs = 300_000;
const outputLimit = 16 * 1024 * 1024;

const refuse = (message: string, cause?: unknown): ApiError =>
  new ApiError('credentials', `Unable to connect to the server: getting credentials: ${message}`, { cause });

const clusterInfo = (c: Connection): object => ({
  server: c.server,
  ...(c.tls.serverName === null ? {} : { 'tls-server-name': c.tls.serverName }),
  ...(c.tls.insecure ? { 'insecure-skip-tls-verify': true } : {}),
  ...(c.tls.ca === null ? {} : { 'certificate-authority-data': Buffer.from(c.tls.ca).toString('base64') }),
  ...(c.proxy === null || c.proxy.variable !== null ? {} : { 'proxy-url': c.proxy.url }),
  ...(c.compress ? {} : { 'disable-compression': true }),
  config: c.execConfig,
});

const usesStdin = (exec: ExecEntry, interactive: boolean): boolean => {
  const mode = exec.interactiveMode;
  if (mode === 'Always' && !interactive) {
    throw refuse(
      `exec plugin cannot support interactive mode: standard input is not a terminal (${exec.command} has interactiveMode Always)`,
    );
  }
  return mode !== 'Never' && interactive;
};

const run = (
  exec: ExecEntry,
  env: Env,
  { stdin, silent }: { readonly stdin: boolean; readonly silent: boolean },
  signal: AbortSignal,
): Promise<string> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(exec.command, [...exec.args], {
    env: env as NodeJS.ProcessEnv,
    stdio: [stdin ? 'inherit' : 'ignore', 'pipe', silent ? 'ignore' : 'inherit'],
    signal,
    timeout: limitMs,
  });
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.length > outputLimit) child.kill();
  });
  child.once('error', (error) => {
    const hint = exec.installHint === null ? '' : `\n\n${exec.installHint}`;
    const notFound = 'code' in error && error.code === 'ENOENT';
    if (signal.aborted) reject(signal.reason);
    else
      reject(
        refuse(notFound ? `exec: executable ${exec.command} not found${hint}` : `exec: ${error.message}${hint}`, error),
      );
  });
  child.once('close', (code, by) => {
    if (code === 0 && out.length <= outputLimit) resolve(out);
    else if (by !== null) reject(refuse(`exec: executable ${exec.command} was ended by ${by}`));
    else reject(refuse(`exec: executable ${exec.command} failed with exit code ${code}`));
  });
  return promise;
};

const understood = (exec: ExecEntry, out: string): ExecCredential => {
  let answer: unknown;
  try {
    answer = JSON.parse(out);
  } catch (cause) {
    throw refuse(`exec: decoding stdout of ${exec.command}: it is no JSON`, cause);
  }
  const version = textAt(answer, 'apiVersion');
  if (version !== exec.apiVersion) {
    throw refuse(
      `exec: plugin ${exec.command} is configured to use API version ${exec.apiVersion}, plugin returned version ${version}`,
    );
  }
  if (typeof at(answer, 'status') !== 'object')
    throw refuse(`exec: plugin ${exec.command} didn't return a status field`);
  const token = textAt(answer, 'status', 'token') || null;
  const certificate = textAt(answer, 'status', 'clientCertificateData');
  const key = textAt(answer, 'status', 'clientKeyData');
  if ((certificate === '') !== (key === '')) {
    throw refuse(`exec: plugin ${exec.command} returned only certificate or key, not both`);
  }
  if (token === null && certificate === '')
    throw refuse(`exec: plugin ${exec.command} didn't return a token or cert/key pair`);
  return { token, certifiedKey: certificate === '' ? null : { certificate, key } };
};

/**
 * Runs an exec credential plugin (client.authentication.k8s.io v1 or v1beta1) as client-go does: KUBERNETES_EXEC_INFO in its
 * environment, standard input only where a person is there, its standard error to ours (unless that is to be silent). Throws {@link ApiError} `credentials`.
 */
export const runExecPlugin = async (
  exec: ExecEntry,
  connection: Connection,
  around: ExecSurroundings,
  signal: AbortSignal,
): Promise<ExecCredential> => {
  if (!apiVersions.includes(exec.apiVersion)) {
    throw refuse(
      `exec plugin: invalid apiVersion "${exec.apiVersion}" of ${exec.command}; supported are ${apiVersions.join(' and ')}`,
    );
  }
  const stdin = usesStdin(exec, around.interactive);
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: { interactive: stdin, ...(exec.provideClusterInfo ? { cluster: clusterInfo(connection) } : {}) },
  };
  const env = {
    ...around.env,
    ...Object.fromEntries(exec.env.map((e) => [e.name, e.value])),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  };
  return understood(exec, await run(exec, env, { stdin, silent: around.silent === true }, signal));
};

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../cluster/certificates.ts';
import { recordingProxy, recordingSocks } from './recording-proxy.ts';
import { recordingServer } from './recording-server.ts';

/** Servers, proxies, certificates and a folder for a comparison of what two tools ask. */
export interface World {
  readonly folder: string;
  /** Writes a file into the folder and gives its path. */
  readonly file: (name: string, content: string | object) => string;
  /** A plugin for `exec`, which notes what it is told and prints what `sh` of the body prints. */
  readonly plugin: (name: string, body: string) => string;
  readonly port: Readonly<Record<'a' | 'b' | 'plain' | 'six' | 'proxy' | 'tlsProxy' | 'socks' | 'no', number>>;
  /** PEM. */
  readonly ca: Readonly<Record<'a' | 'b', string>>;
  readonly person: { readonly cert: string; readonly key: string };
  /** What was noted since the last call, each line once, with names in place of ports and folders. */
  readonly noted: () => readonly string[];
  readonly plainly: (text: string) => string;
  readonly close: () => void;
}

/** Starts everything. */
export const startWorld = async (): Promise<World> => {
  const folder = mkdtempSync(join(tmpdir(), 'netdoctor-identity-'));
  const lines: string[] = [];
  const note = (from: string) => (line: string) => void lines.push(`${from}${line}`);
  const caA = { ...makeCertificate('CA of a', null), cn: 'CA of a' };
  const caB = { ...makeCertificate('CA of b', null), cn: 'CA of b' };
  const nameA = makeCertificate('a', caA, ['a.example', 'inside.example']);
  const [a, b, plain, six, proxy, tlsProxy, socks, no] = await Promise.all([
    recordingServer({ name: 'a', tls: nameA, note: note('') }),
    recordingServer({ name: 'b', tls: makeCertificate('b', caB, ['b.example']), note: note('') }),
    recordingServer({ name: 'plain', note: note('') }),
    recordingServer({ name: 'six', address: '::1', note: note('') }),
    recordingProxy({ note: note('proxy ') }),
    recordingProxy({ tls: makeCertificate('proxy', caA, ['proxy.example']), note: note('tlsProxy ') }),
    recordingSocks({ note: note('socks ') }),
    recordingProxy({ note: note('no '), refuse: 407 }),
  ]);
  const all = { a, b, plain, six, proxy, tlsProxy, socks, no };
  const port = Object.fromEntries(Object.entries(all).map(([n, s]) => [n, s.port])) as World['port'];
  const runs = join(folder, 'runs');
  for (const inner of ['home', 'cwd']) mkdirSync(join(folder, inner));
  const file = (name: string, content: string | object): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
    return path;
  };
  const plainly = (text: string): string =>
    Object.entries(port)
      .reduce((t, [name, p]) => t.replaceAll(`:${p}`, `:‹${name}›`), text)
      .replaceAll(folder, '‹tmp›')
      .replaceAll(Buffer.from(caA.cert).toString('base64'), '‹CA of a›');
  const told = (): readonly string[] => {
    if (!existsSync(runs)) return [];
    const text = readFileSync(runs, 'utf8');
    rmSync(runs);
    return text.split('\n').filter((line) => line !== '');
  };
  return {
    folder,
    file,
    plugin: (name, body) => {
      const script = `#!/bin/sh\nprintf 'plugin %s told %s\\n' "$EXTRA$*" "$KUBERNETES_EXEC_INFO" >>${runs}\n${body}\n`;
      const path = file(name, script);
      chmodSync(path, 0o755);
      return path;
    },
    port,
    ca: { a: caA.cert, b: caB.cert },
    person: makeCertificate('jane', caA),
    noted: () => [...new Set([...told(), ...lines.splice(0)])].map(plainly),
    plainly,
    close: () => {
      for (const s of Object.values(all)) s.close();
      rmSync(folder, { recursive: true });
    },
  };
};

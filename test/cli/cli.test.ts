import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { EndingSignal } from '../../src/cli/signals.ts';
import { TransportError } from '../../src/core/transport.ts';
import { runCli } from '../support/cli-run.ts';
import { healthy, incidentOne, localWithUnknowns } from '../support/sample-reports.ts';

const deletePod = 'kubectl delete pod --namespace kube-system netdoctor-vm1-abc';

describe('what is asked', () => {
  test('a node, with everything left as it is', async () => {
    const { requests, code, stderr } = await runCli('node worker-3');
    expect(requests).toEqual([
      {
        about: 'nodes',
        source: {
          kind: 'cluster',
          choice: { by: 'name', names: ['worker-3'] },
          probe: true,
          parallel: 8,
          flags: {},
          pod: {
            image: 'busybox:1.36',
            imagePullPolicy: 'IfNotPresent',
            namespace: 'kube-system',
            rights: 'default',
            startSeconds: 30,
          },
        },
        windowSeconds: 2,
      },
    ]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
  });

  test('a node, with every flag', async () => {
    const { requests } = await runCli(
      '--context c1 node --context c2 --kubeconfig k --cluster cl --user u -s https://h:1 -nfoo --token t --as me --as-group g1 --as-group g2 --as-uid 7 ' +
        '--certificate-authority ca --client-certificate cc --client-key ck --insecure-skip-tls-verify --tls-server-name sn --request-timeout 5 ' +
        '--image i --image-pull-policy Never --image-pull-secret s --probe-namespace ns --rights full --timeout 1m --window 500ms ' +
        '--node-port-range 20000-22767 --checks ports/*,kernel/ip-forward --checks probes/failing --save b --fail-on error --color never -ojson vm1',
    );
    expect(requests).toEqual([
      {
        about: 'nodes',
        source: {
          kind: 'cluster',
          choice: { by: 'name', names: ['vm1'] },
          probe: true,
          parallel: 8,
          requestTimeoutMs: 5000,
          flags: {
            context: 'c2',
            kubeconfig: 'k',
            cluster: 'cl',
            user: 'u',
            server: 'https://h:1',
            namespace: 'foo',
            token: 't',
            as: 'me',
            asGroup: ['g1', 'g2'],
            asUid: '7',
            certificateAuthority: 'ca',
            clientCertificate: 'cc',
            clientKey: 'ck',
            insecureSkipTlsVerify: true,
            tlsServerName: 'sn',
          },
          pod: {
            image: 'i',
            imagePullPolicy: 'Never',
            imagePullSecret: 's',
            namespace: 'ns',
            rights: 'full',
            startSeconds: 60,
          },
        },
        windowSeconds: 0.5,
        nodePortRange: [20000, 22767],
        checks: ['ports/*', 'kernel/ip-forward', 'probes/failing'],
        save: 'b',
      },
    ]);
  });

  test.each([
    ['node --local', { kind: 'local' }],
    ['--local node', { kind: 'local' }],
    ['node --local -n foo', { kind: 'local' }],
    ['node --from b.bundle', { kind: 'bundle', path: 'b.bundle' }],
  ])('%s', async (line, source) => {
    expect((await runCli(line)).requests).toEqual([{ about: 'nodes', source, windowSeconds: 2 }]);
  });

  test.each([
    ['node 1e3', '1e3'],
    ['node 0x10', '0x10'],
    ['node node/worker-3', 'worker-3'],
    ['node -- worker-3', 'worker-3'],
    ['node worker-3 --window 0', 'worker-3'],
  ])('%s names node %s', async (line, node) => {
    expect((await runCli(line)).requests[0]?.source).toMatchObject({
      kind: 'cluster',
      choice: { by: 'name', names: [node] },
    });
  });

  test.each([
    ['node a b c', { by: 'name', names: ['a', 'b', 'c'] }],
    ['node a --window 0 b node/a', { by: 'name', names: ['a', 'b'] }],
    ['node 1e3 0x10 007', { by: 'name', names: ['1e3', '0x10', '007'] }],
    ['node -l role=web', { by: 'selector', selector: 'role=web' }],
    ['node -lrole=web,zone!=a', { by: 'selector', selector: 'role=web,zone!=a' }],
    ['node --selector a -l b', { by: 'selector', selector: 'b' }],
    ['node --all', { by: 'all' }],
    ['node --all=false vm1', { by: 'name', names: ['vm1'] }],
  ])('%s', async (line, choice) => {
    expect((await runCli(`${line} --parallel 999`)).requests[0]?.source).toMatchObject({
      kind: 'cluster',
      choice,
      parallel: 999,
    });
  });

  test.each([
    ['0', 0],
    ['0s', 0],
    ['1500ms', 1500],
  ])('--request-timeout %s is told as it is given: 0 is no limit', async (text, requestTimeoutMs) => {
    expect((await runCli(`node vm1 --request-timeout ${text}`)).requests[0]?.source).toMatchObject({
      requestTimeoutMs,
    });
  });

  test.each([
    ['--context wrong --context=', {}],
    ['--context= --context right', { context: 'right' }],
    ['-s https://a -s=', {}],
    ['--as-group a --as-group=', { asGroup: ['a'] }],
  ])('the last one counts, also where it is empty: %s', async (line, flags) => {
    expect((await runCli(`node vm1 ${line}`)).requests[0]?.source).toMatchObject({ flags });
    const [request] = (await runCli(`node vm1 ${line}`)).requests;
    expect(request?.source.kind === 'cluster' && request.source.flags).toEqual(flags);
  });

  test.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('a switch may be given as %s', async (on) => {
    const { requests } = await runCli(`node vm1 --insecure-skip-tls-verify=${on} --local=${on.replace(/.*/, 'F')}`);
    expect(requests[0]?.source).toMatchObject({ kind: 'cluster', flags: { insecureSkipTlsVerify: true } });
  });

  test('an empty flag counts as not given', async () => {
    const { requests } = await runCli(['node', 'vm1', '--context', '', '--kubeconfig=']);
    expect(requests[0]?.source).toMatchObject({ flags: {} });
  });

  test('the collector', async () => {
    const { code, stdout } = await runCli('node --emit-collector --window 5s');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '#!/bin/sh\n# window 5\n' });
  });
});

describe('what is refused', () => {
  test.each([
    ['node', 'which node? Give names'],
    ['node --local=false', 'which node? Give names'],
    ['node vm1 --version', 'unknown flag: --version'],
    ['node --all --version', 'unknown flag: --version'],
    ['node vm1 --probe-namespace a_b', 'invalid argument "a_b" for "--probe-namespace" flag: not a name'],
    ['node vm1 --probe-namespace ../../nodes', 'invalid argument "../../nodes" for "--probe-namespace" flag'],
    [
      `node vm1 --probe-namespace ${'a'.repeat(64)}`,
      `invalid argument "${'a'.repeat(64)}" for "--probe-namespace" flag`,
    ],
    ['node vm1 --image-pull-secret A', 'invalid argument "A" for "--image-pull-secret" flag: not a name'],
    ['node vm1 --local=yes', 'invalid argument "yes" for "--local" flag: strconv.ParseBool: parsing "yes": invalid'],
    ['node --local --context false', '--context cannot be used with --local'],
    ['node --local --as-group false', '--as-group cannot be used with --local'],
    ['node --local --context=c --context= vm1', 'the name "vm1" cannot be used with --local'],
    ['node vm1 --image-pull-secret a..b', 'invalid argument "a..b" for "--image-pull-secret" flag'],
    ['node vm1 -l a=b', 'the name "vm1" cannot be used with --selector'],
    ['node vm1 --all', 'the name "vm1" cannot be used with --all'],
    ['node --all -l a=b', '--all cannot be used with --selector'],
    ['node --all --local', '--all cannot be used with --local'],
    ['node -l a=b --from f', '--selector cannot be used with --from'],
    ['node vm1 vm2 --save f', '--save takes one node'],
    ['node --all --save f', '--save takes one node'],
    ['node vm1 vm2 --since f', '--since takes one node'],
    ['node --all --since f', '--since takes one node'],
    ['node --emit-collector --since f', '--since cannot be used with --emit-collector'],
    ['node vm1 VM2', '"VM2" is not a name that a node can have'],
    ['node vm1 --parallel 0', 'invalid argument "0" for "--parallel" flag'],
    ['node vm1 --parallel 1000', 'invalid argument "1000" for "--parallel" flag'],
    ['node vm1 --parallel -1', 'invalid argument "-1" for "--parallel" flag'],
    ['node UPPER', '"UPPER" is not a name that a node can have'],
    ['node ../../pods', '"../../pods" is not a name'],
    ['node vm1 --local', 'the name "vm1" cannot be used with --local'],
    ['node --local --from b', '--from cannot be used with --local'],
    ['node --local --context c', '--context cannot be used with --local: --local asks no API'],
    ['node --local --image i', '--image cannot be used with --local: --local makes no pod'],
    ['node --from b --save c', '--save cannot be used with --from'],
    ['node --from b --window 2s', '--window cannot be used with --from'],
    ['node --emit-collector --save c', '--save cannot be used with --emit-collector'],
    [
      'node vm1 -owide',
      'unable to match a printer suitable for the output format "wide", allowed formats are: json,junit,markdown,sarif,table,yaml',
    ],
    ['node --emit-collector --suppress ports/x --reason y', '--suppress cannot be used with --emit-collector'],
    ['node vm1 --rights most', 'invalid argument "most" for "--rights" flag: must be one of minimal, default, full'],
    ['node vm1 --fail-on bad', 'invalid argument "bad" for "--fail-on" flag'],
    ['node vm1 --window 5', 'invalid argument "5" for "--window" flag: not a duration'],
    ['node vm1 --node-port-range 5-1', 'invalid argument "5-1" for "--node-port-range" flag'],
    ['node vm1 --bogus', 'unknown flag: --bogus'],
  ])('%s: %s', async (line, message) => {
    const { code, stdout, stderr, requests } = await runCli(line);
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).toContain("\nSee 'kubectl netdoctor node --help' for usage.\n");
    expect({ code, stdout, requests }).toEqual({ code: 1, stdout: '', requests: [] });
  });

  test('an unknown command', async () => {
    const { code, stderr } = await runCli('nod', { argv1: '/x/netdoctor.js' });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'error: unknown command "nod" for "netdoctor"; did you mean node or pod?\nSee \'netdoctor --help\' for usage.\n',
    );
  });

  test('a flag of another command', async () => {
    expect((await runCli('checks --window 2s')).stderr).toContain('error: unknown flag: --window');
  });
});

describe('what comes out', () => {
  test.each([
    ['healthy', healthy(), 0],
    ['incident', incidentOne(), 2],
    ['unknowns', localWithUnknowns(), 3],
  ])('%s: the same exit code in every format', async (_, report, code) => {
    const run = async () => report;
    const asTable = await runCli('node vm1', { run });
    const asJson = await runCli('node vm1 -ojson', { run });
    const asYaml = await runCli('node vm1 -o yaml', { run });
    expect([asTable.code, asJson.code, asYaml.code]).toEqual([code, code, code]);
    for (const format of ['junit', 'sarif', 'markdown'])
      expect(await runCli(`node vm1 -o ${format}`, { run })).toMatchObject({ code, stderr: '' });
    expect(JSON.parse(asJson.stdout)).toEqual(report);
    expect(parse(asYaml.stdout)).toEqual(report);
    expect(asTable.stdout).toMatch(/^Node: {7}/);
  });

  test('with -v the reads go to stderr, the report alone to stdout', async () => {
    const { stdout, stderr } = await runCli('node vm1 -v6 -ojson', {
      run: async (_, { onProgress }) => {
        onProgress({ kind: 'stage', text: 'reading vm1' });
        onProgress({
          kind: 'read',
          typed: 'cat /proc/x',
          raw: { ok: true, outputs: [{ stdout: '\x1b1\n', stderr: '', exit: 0, sample: 0, atMs: 0 }] },
        });
        return healthy();
      },
    });
    expect(stderr).toBe('reading vm1\n$ cat /proc/x\n  \\x1b1\n');
    expect(JSON.parse(stdout)).toEqual(healthy());
  });

  test('without -v and terminal only notes are told', async () => {
    const { stderr } = await runCli('node vm1', {
      run: async (_, { onProgress }) => {
        onProgress({ kind: 'stage', text: 'reading vm1' });
        onProgress({ kind: 'note', text: 'not root' });
        return healthy();
      },
    });
    expect(stderr).toBe('not root\n');
  });

  test.each([
    [new TransportError('the pod is refused:\nno \x1b[31mright'), 'error: the pod is refused:\nno \\x1b[31mright\n'],
    [
      new TransportError('Error from server (NotFound): nodes "x" not found'),
      'Error from server (NotFound): nodes "x" not found\n',
    ],
    [new Error('fetch failed', { cause: new Error('ECONNREFUSED') }), 'error: fetch failed: ECONNREFUSED\n'],
  ])('a failure of netdoctor itself: %s', async (error, stderr) => {
    expect(await runCli('node vm1', { run: () => Promise.reject(error) })).toMatchObject({
      code: 1,
      stdout: '',
      stderr,
    });
  });

  test('a pod that may be left is told, once', async () => {
    const quiet = await runCli('node vm1', {
      run: async (_, { onLeftBehind }) => {
        onLeftBehind('vm1', deletePod);
        throw new TransportError('no connection');
      },
    });
    expect(quiet.stderr).toBe(
      `error: no connection\nThe debug pod may still be there. Delete it with\n  ${deletePod}\n`,
    );
    const told = await runCli('node vm1', {
      run: async (_, { onLeftBehind, onProgress }) => {
        onLeftBehind('vm1', deletePod);
        onProgress({ kind: 'note', text: `could not delete:\n  ${deletePod}` });
        return healthy();
      },
    });
    expect(told.stderr.split(deletePod)).toHaveLength(2);
  });
});

describe('a reader that goes away', () => {
  const failing = (code: string): Writable =>
    new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });

  test('is the end of output, no error', async () => {
    expect(await runCli('node vm1', { stdout: failing('EPIPE'), run: async () => incidentOne() })).toMatchObject({
      code: 2,
      stderr: '',
    });
  });

  test('a full disk is an error', async () => {
    const { code, stderr } = await runCli('node vm1', { stdout: failing('ENOSPC') });
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: cannot write the output: ENOSPC\n' });
  });
});

describe('signals', () => {
  /** A run that hangs until it is aborted, then cleans up, or does not. */
  const interrupted = (signals: readonly (readonly [EndingSignal, number])[], cleansUp: boolean, stderr?: Writable) => {
    let cleaned = false;
    return runCli('node vm1', {
      ...(stderr === undefined ? {} : { stderr }),
      signals: (send) => {
        setTimeout(() => {
          for (const [signal, at] of signals) send(signal, at);
        }, 20);
      },
      run: (_, { signal, onLeftBehind }) =>
        new Promise((_resolve, reject) => {
          onLeftBehind('vm1', deletePod);
          signal.addEventListener('abort', () => {
            if (!cleansUp) return;
            setTimeout(() => {
              cleaned = true;
              onLeftBehind('vm1', null);
              reject(signal.reason);
            }, 20);
          });
        }),
    }).then((r) => ({ code: r.code, stdout: r.stdout, stderr: r.stderr, cleaned }));
  };

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s: clean up, then exit with %i', async (signal, code) => {
    expect(await interrupted([[signal, 0]], true)).toEqual({ code, stdout: '', stderr: '', cleaned: true });
  });

  test('one Ctrl-C that is delivered twice is one', async () => {
    const pair = [
      ['SIGINT', 0],
      ['SIGINT', 5],
    ] as const;
    expect(await interrupted(pair, true)).toMatchObject({ code: 130, stderr: '', cleaned: true });
  });

  test('a second Ctrl-C ends the waiting and says what is left', async () => {
    const pair = [
      ['SIGINT', 0],
      ['SIGINT', 2000],
    ] as const;
    expect(await interrupted(pair, false)).toEqual({
      code: 130,
      stdout: '',
      stderr: `The debug pod may still be there. Delete it with\n  ${deletePod}\n`,
      cleaned: false,
    });
  });

  test('a second Ctrl-C ends it also when what is left cannot be told', async () => {
    const full = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    });
    const pair = [
      ['SIGINT', 0],
      ['SIGINT', 2000],
    ] as const;
    expect(await interrupted(pair, false, full)).toMatchObject({ code: 130, cleaned: false });
  });

  test('a third Ctrl-C does not wait for a reader that takes nothing', async () => {
    const stalled = new Writable({ write: () => {} });
    const three = [
      ['SIGINT', 0],
      ['SIGINT', 2000],
      ['SIGINT', 2005],
      ['SIGINT', 4000],
    ] as const;
    expect(await interrupted(three, false, stalled)).toMatchObject({ code: 130, cleaned: false });
  });
});

describe('offline commands', () => {
  test('the exit codes are told by --help as by README', async () => {
    const { stdout } = await runCli('node --help');
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const table = /### Exit codes\n.*?\n\n(?=[^|T])/s.exec(readme)?.[0] ?? '';
    const codes = ['0', '1', '2', '3', '129, 130, 143'];
    expect([...table.matchAll(/^\| ([\d, ]+?) \|/gm)].map((m) => m[1])).toEqual(codes);
    expect([...stdout.matchAll(/^ {2}(\d[\d, ]*?) {2}\S/gm)].map((m) => m[1])).toEqual(codes);
    for (const text of [table, stdout.replace(/\n +/g, ' ')])
      expect(text).toContain('was called wrongly, or nothing is known of any node');
  });

  test.each([
    ['--help', true],
    ['node --help', false],
    ['cleanup --help', false],
    ['checks --help', false],
    ['explain --help', false],
  ])('%s lists --version: %s', async (line, listed) => {
    expect((await runCli(line)).stdout.includes('--version')).toBe(listed);
  });

  test.each([
    ['version -o json', 'json'],
    ['version -oyaml', 'yaml'],
    ['--version -o json', 'json'],
    ['-o yaml --version', 'yaml'],
    ['version -o yaml -o json', 'json'],
  ] as const)('%s, in the shape of kubectl version --client', async (line, form) => {
    const { code, stdout } = await runCli(line);
    expect(code).toBe(0);
    expect(form === 'json' ? JSON.parse(stdout) : parse(stdout)).toEqual({
      clientVersion: {
        gitVersion: expect.stringMatching(/^v\d+\.\d+\.\d+$/),
        platform: expect.stringMatching(/^(linux|darwin|windows)\/(amd64|arm64)$/),
        nodeVersion: process.version,
      },
    });
  });

  test.each(['version -o table', '--version -owide'])('%s is refused in words of kubectl', async (line) => {
    const { code, stdout, stderr } = await runCli(line);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain("error: --output must be 'yaml' or 'json'");
  });

  test.each(['version', '--version', '-v version', '--context c --version'])('%s', async (line) => {
    expect(await runCli(line)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^netdoctor \d+\.\d+\.\d+\n$/) });
  });

  test('checks', async () => {
    expect((await runCli('checks')).stdout).toBe(
      'ID                      SEVERITY  TITLE\nports/nodeport-overlap  error     No NodePort lies in the ephemeral range\n',
    );
    expect(JSON.parse((await runCli('checks -o json')).stdout)).toMatchObject([
      { id: 'ports/nodeport-overlap', severity: 'error' },
    ]);
    expect(parse((await runCli('checks -oyaml')).stdout)).toMatchObject([{ id: 'ports/nodeport-overlap' }]);
  });

  test('explain', async () => {
    const { code, stdout } = await runCli('explain ports/nodeport-overlap');
    expect(code).toBe(0);
    expect(stdout).toContain('IPVS takes the answer.');
    expect(stdout).toContain('kernel/ephemeral-range: the ephemeral range');
    expect(stdout).toContain('https://example.org/why');
  });

  test('explain something else', async () => {
    expect(await runCli('explain nodport-overlap')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('there is no check "nodport-overlap"; did you mean ports/nodeport-overlap?'),
    });
    expect(await runCli('explain')).toMatchObject({ code: 1, stderr: expect.stringContaining('which check?') });
  });
});

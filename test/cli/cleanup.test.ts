import { expect, test } from 'vitest';
import type { CleanupRequest, CleanupStep } from '../../src/app/cleanup.ts';
import type { EndingSignal } from '../../src/cli/signals.ts';
import { ApiError } from '../../src/cluster/api-error.ts';
import { runCli } from '../support/cli-run.ts';

const pod = { namespace: 'kube-system', name: 'netdoctor-node1-x2k4p' };

const cleanup = async (line: string, ...steps: readonly CleanupStep[]) => {
  const asked: CleanupRequest[] = [];
  const run = await runCli(line, {
    cleanUp: async function* (request) {
      asked.push(request);
      yield* steps;
    },
  });
  return { ...run, asked };
};

test('looks everywhere and says so when there is nothing', async () => {
  const { asked, code, stdout, stderr } = await cleanup('cleanup');
  expect(asked).toEqual([{ flags: {}, namespace: null, dryRun: false, force: false }]);
  expect([code, stdout, stderr]).toEqual([0, '', 'No leftovers found.\n']);
});

test('takes its flags and those of the connection, before and after', async () => {
  const { asked } = await cleanup('--context c1 cleanup -ndebug --dry-run --force --request-timeout 5s --as me');
  expect(asked).toEqual([
    {
      ...{ flags: { context: 'c1', namespace: 'debug', as: 'me' }, requestTimeoutMs: 5000 },
      ...{ namespace: 'debug', dryRun: true, force: true },
    },
  ]);
});

test('tells each pod in kubectl’s words', async () => {
  const why = 'its run may be at work, and it ends by itself in 12s';
  const { code, stdout, stderr } = await cleanup(
    'cleanup',
    { kind: 'kept', ...pod, name: 'netdoctor-b', why },
    { kind: 'deleted', ...pod },
  );
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(
    `pod "netdoctor-b" kept in kube-system namespace: ${why}; --force deletes it\n` +
      'pod "netdoctor-node1-x2k4p" deleted from kube-system namespace\n',
  );
});

test('a dry run says so', async () => {
  const { stdout } = await cleanup('cleanup --dry-run', { kind: 'deleted', ...pod });
  expect(stdout).toBe('pod "netdoctor-node1-x2k4p" deleted from kube-system namespace (dry run)\n');
});

test('one that could not be deleted is told on stderr, exit 1', async () => {
  const { code, stdout, stderr } = await cleanup(
    'cleanup',
    { kind: 'failed', ...pod, why: 'Error from server (Forbidden): no' },
    { kind: 'deleted', ...pod, name: 'netdoctor-b' },
  );
  expect(code).toBe(1);
  expect(stderr).toBe(
    'error: pod "netdoctor-node1-x2k4p" could not be deleted from kube-system namespace: Error from server (Forbidden): no\n',
  );
  expect(stdout).toBe('pod "netdoctor-b" deleted from kube-system namespace\n');
});

test('names of the server do not reach the terminal raw', async () => {
  const evil = '\u001b[2Jx';
  const { stdout, stderr } = await cleanup(
    'cleanup',
    { kind: 'deleted', namespace: evil, name: evil },
    { kind: 'kept', namespace: evil, name: evil, why: evil },
    { kind: 'failed', namespace: evil, name: evil, why: evil },
    { kind: 'note', text: evil },
  );
  expect(stdout + stderr).not.toContain('\u001b');
});

test('no list at all is a failure', async () => {
  const { code, stderr } = await runCli('cleanup', {
    // biome-ignore lint/correctness/useYield: it fails before it has anything to say
    cleanUp: async function* () {
      throw new ApiError('status', 'Error from server (Forbidden): pods is forbidden');
    },
  });
  expect([code, stderr]).toEqual([1, 'Error from server (Forbidden): pods is forbidden\n']);
});

test('Ctrl-C ends it with its exit code, a second one at once', async () => {
  let send: (signal: EndingSignal, afterMs: number) => void = () => {};
  const { code } = await runCli('cleanup', {
    signals: (s) => {
      send = s;
    },
    cleanUp: async function* () {
      send('SIGINT', 0);
      send('SIGINT', 1000);
      await new Promise(() => {});
    },
  });
  expect(code).toBe(130);
});

test('after Ctrl-C it tells what is deleted while it waits, and what it did not come to', async () => {
  const other = { namespace: 'debug', name: 'netdoctor-\u001bb' };
  let send: (signal: EndingSignal, afterMs: number) => void = () => {};
  const { code, stdout, stderr } = await runCli('cleanup', {
    signals: (s) => {
      send = s;
    },
    cleanUp: async function* (_, { signal, onDoomed }) {
      onDoomed([pod, other]);
      send('SIGTERM', 0);
      yield { kind: 'deleted', ...pod };
      signal.throwIfAborted();
    },
  });
  expect([code, stdout]).toEqual([143, 'pod "netdoctor-node1-x2k4p" deleted from kube-system namespace\n']);
  expect(stderr).toBe('This debug pod may still be there:\n  pod "netdoctor-\\x1bb" in debug namespace\n');
});

test('a second Ctrl-C says which pods may still be there, once', async () => {
  const names = ['netdoctor-a', 'netdoctor-b', 'netdoctor-c', 'netdoctor-d'];
  let send: (signal: EndingSignal, afterMs: number) => void = () => {};
  const { code, stderr } = await runCli('cleanup', {
    signals: (s) => {
      send = s;
    },
    cleanUp: async function* (_, { onDoomed }) {
      onDoomed(names.map((name) => ({ ...pod, name })));
      yield { kind: 'deleted', ...pod, name: 'netdoctor-a' };
      yield { kind: 'failed', ...pod, name: 'netdoctor-b', why: 'no' };
      send('SIGINT', 0);
      send('SIGINT', 1000);
      await new Promise(() => {});
    },
  });
  expect(code).toBe(130);
  expect(stderr).toBe(
    'error: pod "netdoctor-b" could not be deleted from kube-system namespace: no\n' +
      'These 2 debug pods may still be there:\n' +
      '  pod "netdoctor-c" in kube-system namespace\n  pod "netdoctor-d" in kube-system namespace\n',
  );
});

test.each([
  ['cleanup -n ../x', 'invalid argument "../x" for "--namespace" flag: not a name that a namespace can have'],
  ['cleanup -n a.b', 'invalid argument "a.b" for "--namespace" flag'],
  ['cleanup --version', 'unknown flag: --version'],
  ['cleanup --window 3s', 'unknown flag: --window'],
  ['cleanup node1', 'node1'],
  ['node node1 --dry-run', 'unknown flag: --dry-run'],
  ['cleanup --dry-run=client', 'invalid argument "client" for "--dry-run" flag'],
  ['clean-up', 'did you mean cleanup?'],
])('%s is refused', async (line, words) => {
  const { code, stderr, requests } = await runCli(line);
  expect([code, requests]).toEqual([1, []]);
  expect(stderr).toContain(words);
});

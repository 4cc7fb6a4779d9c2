import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hookWords, shellScript, straightCommands } from '../../src/lib/hook-words.ts';

const sh = (script: string) => hookWords(['sh', '-c', script]);

describe('the programs of a hook', () => {
  it.each([
    [['sleep', '5'], ['sleep']],
    [['/usr/bin/sleep', '5'], ['/usr/bin/sleep']],
    [['./drain'], []],
    [['bin/drain'], []],
    [['dr ain'], []],
    [['drain;rm'], []],
    [['$DRAIN'], []],
    [['a:b'], []],
    [[''], []],
    [[], []],
    [['python3', '-c', 'import os'], ['python3']],
    [['sh', '/drain.sh', 'sleep'], ['sh']],
  ])('%j: %j', (command, want) => expect(hookWords(command)).toEqual(want));

  it.each([
    ['sleep 5', ['sh', 'sleep']],
    ['sleep 5; sleep 6', ['sh', 'sleep']],
    ['sleep 5 && nginx -s quit', ['sh', 'sleep', 'nginx']],
    ['/opt/drain; /usr/bin/sleep 5', ['sh', '/opt/drain', '/usr/bin/sleep']],
    ['./drain; sleep 5', ['sh', 'sleep']],
    ['echo bye; kill -QUIT 1; wait; exit 0', ['sh']],
    ['exec nginx -s quit', ['sh']],
    ['test -x /opt/x && /opt/x', ['sh']],
    ['command -v curl && curl -sf localhost', ['sh']],
    ['curl -sf localhost && jq', ['sh', 'curl']],
    ['curl -sf localhost || true', ['sh']],
    ['sleep 5; curl localhost | jq .', ['sh', 'sleep']],
    ['sleep 5; exit 0; nginx', ['sh', 'sleep']],
    ['if true; then sleep 5; fi', ['sh']],
    ['sleep 5 >/dev/null 2>/dev/null', ['sh', 'sleep']],
    ['sleep 5 # nginx', ['sh']],
    ['source /env; drain', ['sh']],
    ['. /env; drain', ['sh']],
    ['export PATH=/opt/bin; drain', ['sh']],
    ['set -e; drain', ['sh']],
    ['sleep 1; alias drain=true; drain', ['sh', 'sleep']],
    ['PATH=/opt/bin drain', ['sh']],
    ['declare x; shopt -s extglob; drain', ['sh', 'drain']],
    ['sleep 5 &&\n  nginx -s quit', ['sh', 'sleep', 'nginx']],
    ['curl x &&\n  jq', ['sh', 'curl']],
    ['', ['sh']],
  ])('sh -c %j: %j', (script, want) => expect(sh(script)).toEqual(want));

  it('whatever a hook says, nothing that a shell of the node would expand', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('sh', '-c', 'a;b', 'a $(id)', "'", '`id`', '../../x', 'a\nb', 'k:p'),
    );
    const any = fc.property(fc.array(word, { maxLength: 4 }), (command) => {
      for (const w of hookWords(command)) expect(w).toMatch(/^[A-Za-z0-9._-]+$|^\/[A-Za-z0-9._/-]*$/);
    });
    fc.assert(any, { numRuns: 1000 });
  });
});

describe('the script of a shell', () => {
  it.each<[string[], string | null]>([
    [['sh', '-c', 'x'], 'x'],
    [['/bin/bash', '-ec', 'x'], 'x'],
    [['bash', '-ce', 'x'], 'x'],
    [['bash', '-euo', 'pipefail', '-c', 'x'], 'x'],
    [['bash', '-O', 'extglob', '-c', 'x'], 'x'],
    [['bash', '--norc', '-c', 'x'], 'x'],
    [['sh', '-c', '-e', 'x'], 'x'],
    [['sh', '-c', '--', 'x'], 'x'],
    [['sh', '+x', '-c', 'x', 'y'], 'x'],
    [['sh', '-c'], null],
    [['sh', '-c', '--'], null],
    [['sh', '/x', '-c', 'y'], null],
    [['sh', '--', '/x', '-c', 'y'], null],
    [['sh', '-', '-c', 'y'], null],
    [['sh'], null],
    [['node', '-c', 'x'], null],
    [['/opt/push', '-c', 'x'], null],
    [[], null],
  ])('%j: %j', (command, want) => expect(shellScript(command)).toBe(want));
});

it('what is run without a condition ends at what is more than that', () => {
  const any = fc.property(
    fc.string({ unit: fc.constantFrom('a', ' ', ';', '&', '\n', '|', 'sleep 5', 'exit', "'", '#', '(', '=') }),
    (script) => {
      for (const words of straightCommands(script).commands) {
        expect(words.length).toBeGreaterThan(0);
        expect(words.join(' ')).not.toMatch(/[|&;()'#]/);
      }
    },
  );
  fc.assert(any, { numRuns: 1000 });
});

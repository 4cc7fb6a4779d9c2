import { expect, test } from 'vitest';
import type { Flags } from '../../src/cli/flag.ts';
import { nodeFlags } from '../../src/cli/node-flags.ts';
import { normaliseArgv } from '../../src/cli/normalise-argv.ts';
import { ownFlags } from '../../src/cli/own-flags.ts';

const flags: Flags = { ...nodeFlags, ...ownFlags, selector: { kind: 'text', short: 'l', group: '', about: '' } };

test.each([
  ['node vm1', 'node vm1'],
  ['node vm1 -ojson', 'node vm1 --output=json'],
  ['node vm1 -o=json', 'node vm1 --output=json'],
  ['node vm1 -o json', 'node vm1 --output=json'],
  ['node vm1 --output json', 'node vm1 --output=json'],
  ['node vm1 -owide', 'node vm1 --output=wide'],
  ['-nkube-system node vm1', '--namespace=kube-system node vm1'],
  ['-n kube-system node vm1', '--namespace=kube-system node vm1'],
  ['node vm1 -v', 'node vm1 --v=1'],
  ['node vm1 -vvv', 'node vm1 --v=3'],
  ['node vm1 -v6', 'node vm1 --v=6'],
  ['node vm1 -v=6', 'node vm1 --v=6'],
  ['node vm1 -v 6', 'node vm1 --v=6'],
  ['node vm1 --v=6', 'node vm1 --v=6'],
  ['-v node vm1', '--v=1 node vm1'],
  ['node -lrole=web', 'node --selector=role=web'],
  ['node --token -dash', 'node --token=-dash'],
  ['node --context -ojson', 'node --context=-ojson'],
  ['--local node', '--local=true node'],
  ['node --local=false vm1', 'node --local=false vm1'],
  ['node --local=1', 'node --local=true'],
  ['node --local=t', 'node --local=true'],
  ['node --local=T', 'node --local=true'],
  ['node --local=TRUE', 'node --local=true'],
  ['node --local=True', 'node --local=true'],
  ['node --local=0', 'node --local=false'],
  ['node --local=f', 'node --local=false'],
  ['node --local=F', 'node --local=false'],
  ['node --local=FALSE', 'node --local=false'],
  ['node --local=False', 'node --local=false'],
  ['node 1e3', 'node 1e3'],
  ['node -- vm1', 'node vm1'],
  ['node --context a=b vm1', 'node --context=a=b vm1'],
  ['node --help', 'node --help=true'],
  ['node -h', 'node --help=true'],
  ['node --help=false', 'node --help=false'],
])('%s → %s', (given, wanted) => {
  expect(normaliseArgv(given.split(' '), flags)).toEqual(wanted.split(' '));
});

test.each([
  ['node --bogus', 'unknown flag: --bogus'],
  ['node --namspace x', 'unknown flag: --namspace; did you mean --namespace?'],
  ['node --help=maybe', 'invalid argument "maybe" for "--help" flag'],
  ['node --constructor', 'unknown flag: --constructor'],
  ['node -x', "unknown shorthand flag: 'x' in -x"],
  ['node --window', 'flag needs an argument: --window'],
  ['node -n', "flag needs an argument: 'n' in -n"],
  [
    'node --local=maybe',
    'invalid argument "maybe" for "--local" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  ['node --local=', 'invalid argument "" for "--local" flag: strconv.ParseBool: parsing "": invalid syntax'],
  [
    'node --local=tRUE',
    'invalid argument "tRUE" for "--local" flag: strconv.ParseBool: parsing "tRUE": invalid syntax',
  ],
  ['node -vx', 'invalid argument "x" for "--v" flag'],
  ['node -- -x', 'unexpected argument: -x'],
])('%s is refused: %s', (given, message) => {
  expect(() => normaliseArgv(given.split(' '), flags)).toThrow(message);
});

test('an empty value stays one', () => {
  expect(normaliseArgv(['node', '--context', '', 'vm1'], flags)).toEqual(['node', '--context=', 'vm1']);
});

import { expect, test } from 'vitest';
import { calledAs } from '../../src/cli/called-as.ts';

const script = {
  argv: ['/opt/node', '/home/u/.krew/bin/kubectl-netdoctor', 'node'],
  argv0: 'node',
  execPath: '/opt/node',
};
const single = {
  argv: ['kubectl-netdoctor', '/store/kubectl-netdoctor', 'node'],
  argv0: 'kubectl-netdoctor',
  execPath: '/store/x',
};

test('a script that Node runs', () => {
  const path = '/home/u/.krew/bin/kubectl-netdoctor';
  expect(calledAs(script, {}, false)).toEqual({ path, argv: ['/opt/node', path] });
});

test('a single executable, by the link that it was called by', () => {
  expect(calledAs(single, {}, true)).toEqual({ path: 'kubectl-netdoctor', argv: ['kubectl-netdoctor'] });
});

test('a launcher says what it was called', () => {
  const path = '/home/u/.krew/bin/kubectl-netdoctor';
  expect(calledAs({ ...script, argv: ['/opt/node', '/store/main.js'] }, { NETDOCTOR_CALLED_AS: path }, false)).toEqual({
    path,
    argv: [path],
  });
  expect(calledAs(script, { NETDOCTOR_CALLED_AS: '' }, false).path).toBe(script.argv[1]);
});

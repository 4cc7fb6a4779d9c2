import { expect, it } from 'vitest';
import { grep } from '../../src/cluster/grep.ts';

const word = 'service-node-port-range';
const config = [
  'apiServer:',
  '  extraArgs:',
  '  - name: service-node-port-range',
  '    value: 20000-22767',
  '  extraEnvs:',
  '  - name: HTTPS_PROXY',
  '    value: http://user:pass@proxy',
].join('\n');

it('keeps the line with the word and the one behind it, and no environment', () => {
  expect(grep({ data: { ClusterConfiguration: config } }, word)).toEqual({
    data: { ClusterConfiguration: '  - name: service-node-port-range\n    value: 20000-22767' },
  });
});

it('keeps a flag and its value out of a command, whichever way they are written', () => {
  const command = ['kube-apiserver', `--${word}`, '20000-22767', '--etcd-servers=https://secret', `--${word}=1-2`];
  const pods = { items: [{ metadata: { name: 'kube-apiserver-n1' }, spec: { containers: [{ command }] } }] };
  expect(grep(pods, word)).toEqual({
    items: [
      {
        metadata: { name: 'kube-apiserver-n1' },
        spec: { containers: [{ command: [`--${word}`, '20000-22767', `--${word}=1-2`] }] },
      },
    ],
  });
});

it.each([[null], [1], ['one line'], [[]], [{}]])('leaves %j as it is', (value) => {
  expect(grep(value, word)).toEqual(value);
});

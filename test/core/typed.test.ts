import { expect, it } from 'vitest';
import { command, file, http, kube, script } from '../../src/core/read.ts';
import { typed } from '../../src/core/typed.ts';

it.each([
  [file('/proc/net/tcp'), 'file:/proc/net/tcp', 'cat /proc/net/tcp'],
  [command('ss', ['ss', '-H', '-tuln']), 'command:ss', 'ss -H -tuln'],
  [http('127.0.0.1:10249', '/proxyMode'), 'http:/proxyMode', 'curl http://127.0.0.1:10249/proxyMode'],
  [
    http('${nd_proxy_metrics:-127.0.0.1:10249}', '/proxyMode'),
    'http:/proxyMode',
    'curl http://127.0.0.1:10249/proxyMode',
  ],
  [script('a/b', 'ss -tan', 'awk …'), 'script:a/b', 'ss -tan'],
  [kube('/api/v1/nodes/{node}', []), 'kube:/api/v1/nodes/{node}', "kubectl get --raw '/api/v1/nodes/{node}'"],
])('%# has its id and reads as a person would type it', (read, id, text) =>
  expect([read.id, typed(read)]).toEqual([id, text]),
);

it('a read needs nothing and is done once unless it says otherwise', () => {
  expect(file('/x')).toMatchObject({ sampling: 'once', requires: [], uses: [] });
  expect(file('/x', { sampling: 'often', uses: ['SYS_PTRACE'] })).toMatchObject({
    sampling: 'often',
    requires: [],
    uses: ['SYS_PTRACE'],
  });
});

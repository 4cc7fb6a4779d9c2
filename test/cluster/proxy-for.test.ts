import { expect, it } from 'vitest';
import { proxyFor } from '../../src/cluster/kubeconfig/proxy-for.ts';

const https = { HTTPS_PROXY: 'http://p:1' };

it.each<[string, Record<string, string>, boolean]>([
  ['https://k8s.example.com', {}, false],
  ['https://k8s.example.com', https, true],
  ['https://k8s.example.com', { https_proxy: 'http://p:1' }, true],
  ['https://k8s.example.com', { HTTP_PROXY: 'http://p:1', ALL_PROXY: 'http://p:1' }, false],
  ['http://k8s.example.com', { HTTP_PROXY: 'http://p:1' }, true],
  ['https://localhost:6443', https, false],
  ['https://127.9.9.9:6443', https, false],
  ['https://[::1]:6443', https, false],
  ['https://k8s.example.com', { ...https, NO_PROXY: '*' }, false],
  ['https://k8s.example.com', { ...https, NO_PROXY: 'a, example.com' }, false],
  ['https://k8s.example.com', { ...https, no_proxy: '.example.com' }, false],
  ['https://k8s.example.com', { ...https, NO_PROXY: '*.example.com' }, false],
  ['https://example.com', { ...https, NO_PROXY: '.example.com' }, true],
  ['https://badexample.com', { ...https, NO_PROXY: 'example.com' }, true],
  ['https://k8s.example.com', { ...https, NO_PROXY: 'k8s.example.com:443' }, false],
  ['https://k8s.example.com:6443', { ...https, NO_PROXY: 'k8s.example.com:443' }, true],
  ['https://10.1.2.3:6443', { ...https, NO_PROXY: '10.0.0.0/8' }, false],
  ['https://11.1.2.3:6443', { ...https, NO_PROXY: '10.0.0.0/8' }, true],
  ['https://10.1.2.3:6443', { ...https, NO_PROXY: '10.1.2.3' }, false],
  ['https://[fd00::1]:6443', { ...https, NO_PROXY: 'fd00::/8' }, false],
  ['https://[fd00::1]:6443', { ...https, NO_PROXY: '[fd00::1]:6443' }, false],
])('%s with %j: %s', (server, env, proxied) => {
  expect(proxyFor(server, env) !== null).toBe(proxied);
});

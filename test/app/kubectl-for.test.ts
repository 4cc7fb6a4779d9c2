import { expect, it } from 'vitest';
import { kubectlFor } from '../../src/app/kubectl-for.ts';

it.each([
  [{}, 'kubectl'],
  [{ context: 'prod', kubeconfig: '/home/me/k.yaml' }, 'kubectl --kubeconfig /home/me/k.yaml --context prod'],
  [{ context: 'a b' }, "kubectl --context 'a b'"],
  [{ context: "it's" }, "kubectl --context 'it'\\''s'"],
  [{ context: '' }, 'kubectl'],
  [{ token: 'secret', server: 'https://10.0.0.1:6443' }, 'kubectl --server https://10.0.0.1:6443'],
])('%o', (flags, text) => {
  expect(kubectlFor(flags)).toBe(text);
});

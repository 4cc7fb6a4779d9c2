import { expect, it } from 'vitest';
import { kubectlFor } from '../../src/app/kubectl-for.ts';

it.each([
  [{}, 'kubectl'],
  [{ context: 'prod', kubeconfig: '/home/me/k.yaml' }, 'kubectl --kubeconfig /home/me/k.yaml --context prod'],
  [{ context: 'a b' }, "kubectl --context 'a b'"],
  [{ context: "it's" }, "kubectl --context 'it'\\''s'"],
  [{ context: '' }, 'kubectl'],
  [{ token: 'secret', server: 'https://10.0.0.1:6443' }, 'kubectl --server https://10.0.0.1:6443 --token="$TOKEN"'],
  [{ username: 'me', password: 'secret' }, 'kubectl --username=me --password="$PASSWORD"'],
  [
    { as: 'jane', asGroup: ['a', 'b c'], asUserExtra: ['k=v'] },
    "kubectl --as jane --as-group a --as-group 'b c' --as-user-extra k=v",
  ],
])('%o', (flags, text) => {
  expect(kubectlFor(flags)).toBe(text);
});

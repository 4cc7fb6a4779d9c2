import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kubernetesVersionOf } from '../../src/lib/kubernetes-version.ts';

it.each([
  ['v1.34.4', 1, 34, 4],
  ['1.34.4', 1, 34, 4],
  ['v1.34.4-gke.1234000', 1, 34, 4],
  ['v1.29.1-eks-508b6b3', 1, 29, 1],
  ['v1.31.5+k3s1', 1, 31, 5],
  ['v1.35.0-alpha.1.12+abc', 1, 35, 0],
  ['v2.0.0', 2, 0, 0],
])('%s', (text, major, minor, patch) => expect(kubernetesVersionOf(text)).toEqual({ major, minor, patch, text }));

it.each([
  '',
  'v1',
  'v1.34',
  '1.34+',
  'v1.34.',
  'v1.34.4.5',
  'x1.34.4',
  ' v1.34.4',
  'v1.34.x',
  'v-1.2.3',
  'latest',
  'v1.99999.1',
])('%j is none', (text) => expect(kubernetesVersionOf(text)).toBeNull());

it('whatever the text: three whole numbers, or none', () => {
  const any = fc.property(
    fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^v?\d+\.\d+\.\d+\S*$/)),
    (text) => {
      const v = kubernetesVersionOf(text);
      expect(v === null || [v.major, v.minor, v.patch].every(Number.isSafeInteger)).toBe(true);
    },
  );
  fc.assert(any);
});

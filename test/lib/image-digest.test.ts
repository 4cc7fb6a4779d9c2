import { expect, it } from 'vitest';
import { containerKey } from '../../src/lib/container-key.ts';
import { imageDigest } from '../../src/lib/image-digest.ts';

const digest = '0123456789abcdef'.repeat(4);

it.each<[string, string | null]>([
  [`docker.io/library/nginx@sha256:${digest}`, digest],
  [`sha256:${digest}`, digest],
  [`docker-pullable://nginx@sha256:${digest}`, digest],
  ['', null],
  ['docker.io/library/nginx:1.27', null],
  [`sha256:${digest}0`, null],
  [`sha256:${digest.slice(1)}`, null],
  [`sha256:${digest.toUpperCase()}`, null],
  [`sha512:${digest}`, null],
  [`sha256:${digest}\n`, null],
  [`sha256:${digest} x`, null],
])('%j', (imageId, want) => expect(imageDigest(imageId)).toBe(want));

it('a container is told by its first sixteen digits', () => expect(containerKey(digest)).toBe('0123456789abcdef'));

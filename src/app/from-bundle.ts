import { bundleTransport, openBundle } from '../transports/bundle.ts';
import type { Collect } from './collected.ts';
import { gather } from './gather.ts';

/** --from: a bundle saved earlier, or what a collector printed. */
export const fromBundle: Collect = async function* (request, plan, context) {
  const bundle = await openBundle(request.source.kind === 'bundle' ? request.source.path : '');
  await using transport = bundleTransport(bundle);
  const raws = await gather(transport, [...plan.kube, ...plan.node], context);
  yield {
    ok: true,
    raws,
    aside: new Map(Object.entries(bundle.manifest?.raws ?? {})),
    stream: bundle.stream,
    // of pods that are on no node the manifest names none
    node: bundle.manifest?.node === '' ? null : (bundle.manifest?.node ?? bundle.hostName ?? 'unknown'),
    via: 'bundle',
    unread: null,
    context: bundle.manifest?.context ?? null,
    ...(bundle.manifest?.startedAt ? { readAt: bundle.manifest.startedAt } : {}),
  };
};

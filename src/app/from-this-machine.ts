import { hostname } from 'node:os';
import { writeProgram } from '../transports/collector/program.ts';
import { localTransport, notRead } from '../transports/local.ts';
import type { Collect } from './collected.ts';
import { deadlineSeconds } from './deadline.ts';
import { gather } from './gather.ts';
import { nonce } from './nonce.ts';

/** --local: the same program in a shell of this machine; the API is not asked. */
export const fromThisMachine: Collect = async function* (request, plan, context) {
  const aside = new Map(
    notRead(plan.kube, 'not-chosen', 'the Kubernetes API was not asked (--local)').map(([r, raw]) => [r.id, raw]),
  );
  if (process.getuid?.() !== 0) {
    context.onProgress({
      kind: 'note',
      text: "not root: sockets' owners and tables that only root may read are not seen; run it with sudo",
    });
  }
  let stream = '';
  await using transport = localTransport({
    writeProgram,
    nonce: nonce(),
    windowSeconds: request.windowSeconds,
    deadlineSeconds: deadlineSeconds(request.windowSeconds),
    vars: {},
    onChunk: (text) => {
      stream += text;
    },
  });
  const raws = await gather(transport, plan.node, context);
  context.signal.throwIfAborted();
  yield {
    ok: true,
    raws: new Map([...aside, ...raws]),
    aside,
    stream,
    node: hostname(),
    via: 'local',
    unread: null,
    context: null,
  };
};

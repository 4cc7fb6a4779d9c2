/** What kubelet says of a failed probe. */
export interface UnhealthyMessage {
  readonly probe: 'readiness' | 'liveness' | 'startup';
  readonly reason: 'timeout' | 'refused' | 'http-status' | 'reset' | 'unreachable' | 'other';
}

/** The words of kubelet and Go's net package for each way to fail. */
const reasons: readonly (readonly [UnhealthyMessage['reason'], RegExp])[] = [
  ['http-status', /HTTP probe failed with statuscode/],
  ['refused', /connection refused/],
  ['reset', /connection reset|EOF/],
  ['unreachable', /no route to host|network is unreachable|host is unreachable/],
  ['timeout', /i\/o timeout|deadline exceeded|Client\.Timeout|timed out|timeout/i],
];

/**
 * Understands an Unhealthy event's message ("Readiness probe failed: …", "Liveness probe errored: …"; "(combined from similar events): …" before
 * it where many differ in their words alone, by client-go's tools/record/events_cache.go); null if it is none.
 */
export const parseUnhealthy = (message: string): UnhealthyMessage | null => {
  const m = /^(?:\(combined from similar events\): )?(Readiness|Liveness|Startup) probe (?:failed|errored)/.exec(
    message,
  );
  if (!m) return null;
  const probe = (m[1] ?? '').toLowerCase() as UnhealthyMessage['probe'];
  return { probe, reason: reasons.find(([, words]) => words.test(message))?.[0] ?? 'other' };
};

import type { ShutdownConfig, ShutdownGroup } from '../facts/node/shutdown-config.ts';

const goUnits: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
const systemdUnits: Readonly<Record<string, number>> = {
  ...goUnits,
  '': 1,
  sec: 1,
  second: 1,
  seconds: 1,
  min: 60,
  minute: 60,
  minutes: 60,
  hr: 3600,
  hour: 3600,
  hours: 3600,
};

/** The sum of "1m30s" or "1min 30s" in seconds; null for what is no duration. */
const secondsOf = (text: string, units: Readonly<Record<string, number>>): number | null => {
  const plain = text.replaceAll(/["'\s]/g, '');
  if (plain === '') return null;
  const parts = [...plain.matchAll(/(\d+(?:\.\d+)?)([a-z]*)/gi)];
  if (parts.map((p) => p[0]).join('') !== plain) return null;
  let sum = 0;
  for (const [, count, unit = ''] of parts) {
    const factor = units[unit];
    if (factor === undefined && Number(count) !== 0) return null;
    sum += Number(count) * (factor ?? 0);
  }
  return sum;
};

const groupsOf = (text: string): ShutdownGroup[] | null => {
  const numbers = (key: string): number[] =>
    [...text.matchAll(new RegExp(`\\b${key}"?\\s*:\\s*"?(-?\\d+)`, 'g'))].map((m) => Number(m[1]));
  const [priorities, seconds] = [numbers('priority'), numbers('shutdownGracePeriodSeconds')];
  if (priorities.length !== seconds.length) return null;
  return priorities
    .map((priority, i) => ({ priority, seconds: seconds[i] ?? 0 }))
    .sort((a, b) => a.priority - b.priority);
};

/**
 * Understands what the collector prints: "none", or "kubelet TAB file", "key TAB name TAB value" and "inhibit TAB value TAB file" in the order in which the later
 * counts, "logind" where it runs, and "end". A clause that says why if it is something else.
 */
export const parseShutdownConfig = (text: string): ShutdownConfig | null | string => {
  const rows = text.split('\n').map((l) => l.split('\t'));
  if (rows.some((r) => r.length === 1 && r[0] === 'none')) return null;
  const kubelet = rows.find((r) => r[0] === 'kubelet');
  if (!kubelet || !rows.some((r) => r[0] === 'end')) return "what was read of kubelet's configuration is not whole";
  const last = (name: string): string | undefined => rows.findLast((r) => r[0] === 'key' && r[1] === name)?.[2];
  const duration = (name: string): number | null => {
    const value = last(name);
    return value === undefined || /^\s*(null|~)?\s*$/.test(value) ? 0 : secondsOf(value, goUnits);
  };
  const [graceSeconds, criticalSeconds] = [
    duration('shutdownGracePeriod'),
    duration('shutdownGracePeriodCriticalPods'),
  ];
  const byPriority = groupsOf(last('shutdownGracePeriodByPodPriority') ?? '');
  if (graceSeconds === null || criticalSeconds === null || byPriority === null)
    return "kubelet's graceful shutdown is configured in a form that netdoctor does not know";
  const inhibit = rows.findLast((r) => r[0] === 'inhibit');
  const set = inhibit ? secondsOf(inhibit[1] ?? '', systemdUnits) : null;
  if (inhibit && set === null && inhibit[1] !== '') return 'InhibitDelayMaxSec is no duration that netdoctor knows';
  return {
    file: kubelet[1] ?? null,
    graceSeconds,
    criticalSeconds,
    byPriority,
    logind: rows.some((r) => r.length === 1 && r[0] === 'logind'),
    inhibit: { seconds: set ?? 5, source: set === null ? "logind's default" : (inhibit?.[2] ?? '') },
  };
};

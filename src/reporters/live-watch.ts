import stringWidth from 'string-width';
import type { LiveWatch, LiveWatchOptions } from '../core/reporter.ts';
import type { WatchEvent } from '../core/watch.ts';
import { clockText } from '../lib/clock-text.ts';
import { printable } from '../lib/printable.ts';
import { clipped } from './clipped.ts';
import { paint, type Style } from './paint.ts';
import { sinceBegin } from './since-begin.ts';
import { symbols } from './symbols.ts';
import { type WatchKind, watchKinds } from './watch-kinds.ts';
import { watchText } from './watch-text.ts';

/** So many lines in so many seconds are told for good; what is more only counts, so that a flood does not scroll away what was told. */
const tellLimit = 20;
const tellSeconds = 10;

/** Rows of the screen that stay for what was told for good, if there are enough. */
const keptRows = 3;

/** From this width on times are told in words. */
const roomyWidth = 60;

/** Kinds that the end tells. */
const endLimit = 40;

/** What is told for good, and how it looks; undefined: it only counts. */
const styleOfLine = (e: WatchEvent, victim: boolean): Style | null | undefined => {
  switch (e.kind) {
    case 'ready':
      return e.ready ? 'green' : 'red';
    case 'probe-failed':
      return victim ? 'red' : 'yellow';
    case 'probe-tally':
      return 'yellow';
    case 'lost':
      return null;
    case 'begin':
    case 'less':
    case 'all':
      return 'dim';
    default:
      return victim ? 'red' : undefined;
  }
};

const rateText = (n: number): string => {
  if (n === 0 || n >= 9.95) return `${Math.round(n)}/s`;
  return `${Math.max(0.1, n).toFixed(1)}/s`;
};

/** A watch as a terminal shows it: what matters once, the rest as a line for each kind. Remembers what it was given, so one is made for each watch. */
export const liveWatch = ({ of, seconds, color, unicode }: LiveWatchOptions): LiveWatch => {
  const dress = paint(color);
  const signs = symbols(unicode);
  const kinds = watchKinds();
  const began = new Map<string | null, number>();
  const toldAt: number[] = [];
  const shown = (text: string): string => {
    const safe = printable(text);
    if (unicode) return safe;
    return safe
      .replaceAll('→', signs.arrow)
      .replaceAll('×', signs.times)
      .replaceAll(/[^\x20-\x7e]/gu, '?');
  };
  const mayTell = (now: number): boolean => {
    while (toldAt[0] !== undefined && toldAt[0] <= now - tellSeconds) toldAt.shift();
    if (toldAt.length >= tellLimit) return false;
    toldAt.push(now);
    return true;
  };
  const head = (now: number, width: number): string => {
    const whole = shown(`watching ${of}: ${clockText(Math.min(now, seconds))} of ${clockText(seconds)}`);
    const hint = '; Ctrl-C ends it';
    return stringWidth(whole + hint) <= width ? whole + hint : clipped(whole, width, signs.more);
  };
  const kindRows = (list: readonly WatchKind[], now: number, width: number): readonly string[] => {
    const ago = width >= roomyWidth ? ' ago' : '';
    const cells = list.map((k) => [
      ...[String(k.count), rateText(k.perSecond), `${clockText(now - k.lastSeconds)}${ago}`],
    ]);
    const widths = [0, 1, 2].map((i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
    return list.map((k, i) => {
      const numbers = widths.map((w, column) => cells[i]?.[column]?.padStart(w) ?? '').join('  ');
      const line = clipped(`${numbers}  ${k.text}`, width, signs.more);
      if (k.victim) return dress('red', line);
      return k.perSecond === 0 ? dress('dim', line) : line;
    });
  };
  return {
    add: (events, names, node, now) =>
      events.flatMap((e) => {
        const start = began.get(node) ?? e.atSeconds;
        began.set(node, start);
        const { line, alike, victim, counted } = watchText(e, names);
        const where = node === null ? '' : `${node}  `;
        const style = styleOfLine(e, victim);
        const tell = line !== null && style !== undefined && mayTell(now);
        const kind = counted ?? (victim || !tell ? alike : null);
        if (kind) kinds.add(shown(where + kind[0]), kind[1], style === 'red', now);
        if (!tell) return [];
        const text = `${sinceBegin(e.atSeconds - start)}  ${shown(where + line)}`;
        return [style === null ? text : dress(style, text)];
      }),
    block: (now, width, height) => {
      const all = kinds.list(now);
      const room = Math.max(1, height - 2 - keptRows);
      const list = all.length <= room ? all : all.slice(0, Math.max(1, room - 1));
      const left = all.length - list.length;
      return [
        dress('bold', head(now, width)),
        ...kindRows(list, now, width),
        ...(left === 0 || room < 2 ? [] : [clipped(`and ${left} more kinds`, width, signs.more)]),
      ];
    },
    ending: (now) => {
      const all = kinds.list(now).toSorted((a, b) => b.count - a.count);
      if (all.length === 0) return [];
      const left = all.length - endLimit;
      return [
        `Seen in ${clockText(now)}:`,
        ...all.slice(0, endLimit).map((k) => `  ${k.count} ${signs.times} ${k.text}`),
        ...(left > 0 ? [`  and ${left} more kinds`] : []),
      ];
    },
  };
};

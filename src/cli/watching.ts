import type { Watcher } from '../app/request.ts';
import { isProblem } from '../core/finding.ts';
import type { Report } from '../core/report.ts';
import type { LiveWatchOptions } from '../core/reporter.ts';
import { targetKey } from '../core/target.ts';
import { printable } from '../lib/printable.ts';
import type { Deps } from './deps.ts';
import type { Format } from './formats.ts';
import type { LiveView } from './live-view.ts';
import type { Output } from './streams.ts';

/** What a watch is printed with. */
interface Printing {
  readonly format: Format;
  readonly deps: Pick<Deps, 'watchTexts' | 'now'>;
  readonly print: (text: string) => Promise<void>;
  readonly render: (report: Report) => string;
  /** Called before the first line is printed. */
  readonly onReport: () => void;
  /** Where the watch can be drawn over; null where it is printed line by line. */
  readonly screen: Screen | null;
}

/** A terminal. */
interface Screen extends Pick<LiveWatchOptions, 'color' | 'unicode'> {
  readonly stream: Output;
  /** How long the watch is to take. */
  readonly seconds: number;
}

/** A watch that is printed. */
interface Watching {
  readonly watcher: Watcher;
  /** Writes something else in between, if there is room for it: `passing` says that nothing is lost if not. */
  readonly aside: (passing: boolean, writeIt: () => void) => void;
  /** Leaves the screen to others. A second time it does nothing. */
  readonly stop: () => void;
  readonly end: (last: Report) => Promise<void>;
  /** Of a watch that failed: gives what would have been given with its end, the report before it. */
  readonly failed: () => Promise<void>;
}

/** What a report says that is no good news, each as one text. */
const badNews = ({ findings }: Report): readonly string[] =>
  findings
    .filter((f) => isProblem(f) || f.status === 'unknown' || f.status === 'error')
    .map((f) => `${targetKey(f.target)} ${f.check} ${f.status} ${f.status === 'fail' ? f.messageId : ''} ${f.message}`);

/** What is watched. */
const namesOf = ({ targets }: Report): string => {
  const nodes = targets.filter((t) => t.kind === 'node');
  const [node] = nodes;
  return nodes.length === 1 && node ? node.name : `${nodes.length} nodes`;
};

/**
 * Prints a watch. As a table: the report, what happens (on a terminal as a {@link LiveView}, elsewhere a line for each), and at the end the report
 * again if the watch found what the first had not. As JSON Lines: an object with `kind: "WatchEvent"` for each event, and the report last, also of a watch that fails.
 */
export const watching = async (p: Printing): Promise<Watching> => {
  const texts = await p.deps.watchTexts();
  const lines = texts.plain();
  const before = new Set<string>();
  let first: Report | null = null;
  let view: LiveView | null = null;
  const json = p.format === 'json';
  const watcher: Watcher = {
    onReport: async (report) => {
      first = report;
      p.onReport();
      for (const text of badNews(report)) before.add(text);
      if (json) return;
      await p.print(`${p.render(report)}\n`);
      if (p.screen === null) return;
      const { stream, ...rest } = p.screen;
      // not for those who do not watch: it brings packages along
      const { liveView } = await import('./live-view.ts');
      view = await liveView(stream, p.deps.now, texts.live({ ...rest, of: namesOf(report) }));
    },
    onEvents: async (events, names, node) => {
      if (view !== null) return view.onEvents(events, names, node);
      const text = json
        ? events.map((e) => texts.jsonLine(texts.record(e, names, node)))
        : lines(events, names, node).map((line) => `${line}\n`);
      if (text.length > 0) await p.print(text.join(''));
    },
  };
  const stop = (): void => view?.stop();
  const end = async (last: Report): Promise<void> => {
    stop();
    if (json) return p.print(texts.jsonLine(last));
    const news = badNews(last).some((text) => !before.has(text));
    const nodes = (last.unwatched ?? []).map((u) => printable(u.node)).join(', ');
    const broken = nodes === '' ? '' : `\nThe watch did not come to its end on ${nodes}.\n`;
    if (first === null || news) return p.print(`${first === null ? '' : '\n'}${p.render(last)}${broken}`);
    const cut = nodes === '' ? '' : `, and did not come to its end on ${nodes}`;
    return p.print(`\nThe watch found no other problem than the report above${cut}.\n`);
  };
  const unended = async (): Promise<void> => {
    if (json && first !== null) await p.print(texts.jsonLine(first));
  };
  const aside = (passing: boolean, writeIt: () => void): void => {
    if (view === null) writeIt();
    else if (!passing) view.aside(writeIt);
  };
  return { watcher, aside, stop, end, failed: unended };
};

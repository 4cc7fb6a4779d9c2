import type { Watcher } from '../app/request.ts';
import type { Finding } from '../core/finding.ts';
import type { Report } from '../core/report.ts';
import type { Deps } from './deps.ts';
import type { Format } from './output-format.ts';

/** What a watch is printed with. */
interface Printing {
  readonly format: Format;
  readonly deps: Pick<Deps, 'watchTexts'>;
  readonly print: (text: string) => Promise<void>;
  readonly render: (report: Report) => string;
  /** Called before the first line is printed. */
  readonly onReport: () => void;
}

const keyOf = (f: Extract<Finding, { status: 'fail' }>): string => `${f.check} ${f.messageId} ${f.message}`;

const failed = ({ findings }: Report): readonly Extract<Finding, { status: 'fail' }>[] =>
  findings.filter((f) => f.status === 'fail');

/**
 * Prints a watch. As a table: the report, a line for what happens, and at the end the report again if the watch found what the first had not. As
 * JSON Lines: an object with `kind: "WatchEvent"` for each event, and the report last.
 */
export const watching = async (
  p: Printing,
): Promise<{ readonly watcher: Watcher; readonly end: (last: Report) => Promise<void> }> => {
  const texts = await p.deps.watchTexts();
  const lines = texts.lines();
  const before = new Set<string>();
  let began = false;
  const json = p.format === 'json';
  const watcher: Watcher = {
    onReport: async (report) => {
      began = true;
      p.onReport();
      for (const f of failed(report)) before.add(keyOf(f));
      if (!json) await p.print(`${p.render(report)}\n`);
    },
    onEvents: async (events, names) => {
      const text = json
        ? events.map((e) => texts.jsonLine(texts.record(e, names)))
        : lines(events, names).map((line) => `${line}\n`);
      if (text.length > 0) await p.print(text.join(''));
    },
  };
  const end = async (last: Report): Promise<void> => {
    if (json) return p.print(texts.jsonLine(last));
    const news = failed(last).some((f) => !before.has(keyOf(f)));
    if (!began || news) return p.print(`${began ? '\n' : ''}${p.render(last)}`);
    return p.print('\nThe watch found no other problem than the report above.\n');
  };
  return { watcher, end };
};

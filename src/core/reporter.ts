import type { Report } from './report.ts';
import type { WatchEvent, WatchNames } from './watch.ts';

/** How the report is looked at. */
export interface Look {
  readonly color: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly width: number;
  /** Box and dot characters may be used (a UTF-8 terminal). */
  readonly unicode: boolean;
  /** Show passed and not applicable checks too. */
  readonly verbose: boolean;
}

/** Turns a report into text; pure. */
export interface Reporter {
  readonly id: string;
  render(report: Report, look: Look): string;
}

/** What is watched, and how it is looked at. */
export interface LiveWatchOptions extends Pick<Look, 'color' | 'unicode'> {
  /** What is watched: "node1", "3 nodes". */
  readonly of: string;
  /** For how long. */
  readonly seconds: number;
}

/** The picture of a watch. `now` is in seconds since the watch began, by the clock of who looks. No line ends with a newline. */
export interface LiveWatch {
  /** Takes what happened on a node (null: there is only one) and gives the lines that are to be told for good. */
  readonly add: (
    events: readonly WatchEvent[],
    names: WatchNames,
    node: string | null,
    now: number,
  ) => readonly string[];
  /** What is to be seen below them now, in fewer rows than `height` and no wider than `width`. */
  readonly block: (now: number, width: number, height: number) => readonly string[];
  /** What stays of the block when the watch is over: how often each kind was seen. */
  readonly ending: (now: number) => readonly string[];
}

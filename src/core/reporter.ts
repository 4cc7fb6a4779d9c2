import type { Report } from './report.ts';

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

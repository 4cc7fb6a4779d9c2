import type { Reporter } from '../core/reporter.ts';
import { jsonText } from './json-text.ts';

/** The whole report as JSON, as docs/report.schema.json describes it. */
export const json: Reporter = { id: 'json', render: (report) => jsonText(report) };

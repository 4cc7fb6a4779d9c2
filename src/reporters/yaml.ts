import type { Reporter } from '../core/reporter.ts';
import { yamlText } from './yaml-text.ts';

/** The whole report as YAML, the same data as the JSON. */
export const yaml: Reporter = { id: 'yaml', render: (report) => yamlText(report) };

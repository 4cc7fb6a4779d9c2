import { type Finding, isProblem } from '../core/finding.ts';
import type { Canvas } from './canvas.ts';
import { verdict } from './verdict.ts';

/** What the findings of one target come to, as its row says it; `isRead`: more than the API was asked. */
export const result = (findings: readonly Finding[], isRead: boolean, c: Canvas): string => {
  const { style, sign, text } = verdict(findings, isRead ? 0 : 1, c);
  const failed = findings.some((f) => isProblem(f));
  const said = isRead || failed || findings.length === 0 ? text : 'not read';
  return `${c.paint(style, sign)} ${said}${!isRead && findings.length > 0 ? ', only the API was asked' : ''}`;
};

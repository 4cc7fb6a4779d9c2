import { type Target, targetText } from '../core/target.ts';

/** A target as a clause names it where the report has more than one kind: "shop/web-0", "node worker-3". */
export const place = (t: Target): string => (t.kind === 'node' ? `node ${t.name}` : targetText(t));

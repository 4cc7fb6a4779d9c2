import type { PortRange, PortSpace } from '../core/report.ts';
import { formatRanges } from '../lib/port-ranges.ts';
import type { Canvas } from './canvas.ts';
import type { Style } from './paint.ts';

const ports = 65536;
const labelColumns = 17;
const numberColumns = 21;
const widestBar = 100;

/** The first and last port that a column stands for. */
const column = (c: number, bar: number): PortRange => [
  Math.floor((c * ports) / bar),
  Math.floor(((c + 1) * ports) / bar) - 1,
];

const cells = (ranges: readonly PortRange[], sign: string, bar: number): string => {
  let out = '';
  for (let c = 0; c < bar; c += 1) {
    const [from, to] = column(c, bar);
    out += ranges.some(([a, b]) => a <= to && b >= from) ? sign : ' ';
  }
  return out;
};

const axis = (bar: number): string => {
  const ticks = bar >= 40 ? [0, 16384, 32768, 49152] : [0, 32768];
  let out = '';
  for (const port of ticks) out = out.padEnd(Math.floor((port * bar) / ports)) + String(port);
  return `${out.padEnd(bar - 5)}65535`;
};

/** As many ranges as fit at the row's end, and how many more there are. */
const numbers = (ranges: readonly PortRange[]): string => {
  const words = ranges.map((r) => formatRanges([r]));
  for (let shown = words.length; shown > 0; shown -= 1) {
    const rest = words.length - shown;
    const text = `${words.slice(0, shown).join(' ')}${rest > 0 ? ` +${rest}` : ''}`;
    if (text.length < numberColumns) return text;
  }
  return '';
};

const single = (list: readonly number[]): readonly PortRange[] =>
  [...new Set(list)].sort((a, b) => a - b).map((p) => [p, p]);

/** A picture of the port space, one row for each kind of range, to one scale, with the numbers at the row's end. */
export const portSpace = (space: PortSpace, c: Canvas): readonly string[] => {
  const bar = Math.min(widestBar, c.width - labelColumns - numberColumns);
  const row = (label: string, ranges: readonly PortRange[], sign: string, style: Style, none: string): string =>
    ranges.length === 0
      ? `  ${label.padEnd(labelColumns - 2)}${c.paint('dim', none)}`
      : `  ${label.padEnd(labelColumns - 2)}${c.paint(style, cells(ranges, sign, bar))} ${numbers(ranges)}`;
  const nodePortRange = space.nodePortRange === null ? [] : [space.nodePortRange];
  return [
    `  ${'ports'.padEnd(labelColumns - 2)}${c.paint('dim', axis(bar))}`,
    row('ephemeral', [space.ephemeral], c.signs.bar, 'cyan', ''),
    row('reserved', space.reserved, c.signs.reserved, 'green', 'none'),
    row('NodePort range', nodePortRange, c.signs.range, 'dim', 'not known'),
    row('NodePorts', single(space.nodePorts), c.signs.port, 'yellow', 'none seen'),
    ...(space.victims.length > 0 ? [row('victims', single(space.victims), c.signs.victim, 'red', '')] : []),
  ];
};

import stringWidth from 'string-width';
import type { ContainerEnd, ContainerTree, Termination } from '../core/report.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { clipped } from './clipped.ts';
import { onNames } from './on-names.ts';
import { type SameOn, sameOn } from './same-on.ts';
import { seconds } from './seconds.ts';
import { timeRow } from './time-row.ts';
import { timeScale } from './time-scale.ts';
import { type TimedWords, timeWords } from './time-words.ts';

const widestBar = 100;
const indent = 2;
/** For the last number of the axis, which begins at the last column. */
const beyond = 8;
const mostContainers = 8;

const endOf = (t: Termination): number =>
  Math.max(
    1,
    ...[t.graceSeconds, t.trafficUntil ?? 0, ...t.containers.map((e) => e.killAt), ...t.losses.map((l) => l.to)].filter(
      Number.isFinite,
    ),
  );

/** Containers that end alike are one row; those that do not end by themselves are never among those left out. */
const groupsOf = (
  t: Termination,
  trees: ReadonlyMap<string, ContainerTree>,
  c: Canvas,
): readonly SameOn<ContainerEnd>[] =>
  sameOn(
    t.containers,
    (e) => JSON.stringify([{ ...e, name: '' }, timeWords(e, trees.get(e.name), c)]),
    (e) => e.name,
  );

const shownOf = (groups: readonly SameOn<ContainerEnd>[], c: Canvas): readonly SameOn<ContainerEnd>[] => {
  if (c.verbose || groups.length <= mostContainers) return groups;
  const kept = new Set(groups.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostContainers));
  return groups.filter((g) => kept.has(g));
};

const rank = ({ one }: SameOn<ContainerEnd>): number => ['no', 'unsure', 'yes'].indexOf(one.reacts);

const trafficWords = ({ trafficUntil, services }: Termination, c: Canvas): string =>
  `may come until about ${seconds(trafficUntil ?? 0)}${services.length > 0 ? `, by Service ${onNames(services, c.verbose)}` : ''}`;

/**
 * What happens after a pod's deletion, drawn to scale: a row for the traffic, one for each container, one for what is lost; under each row the
 * same in words, so that neither colour nor width is needed to read it.
 */
export const timeline = (t: Termination, processes: readonly ContainerTree[], c: Canvas): readonly string[] => {
  const trees = new Map(processes.map((tree) => [tree.name, tree]));
  const groups = groupsOf(t, trees, c);
  const shown = shownOf(groups, c);
  const rest = groups.filter((g) => !shown.includes(g)).reduce((n, g) => n + g.on.length, 0);
  const named = shown.map(({ one, on }) => ({
    one,
    on,
    label: on.length === 1 ? printable(one.name) : `${on.length} alike`,
  }));
  const widest = Math.min(Math.floor(c.width / 5), 20);
  const label = Math.min(widest, Math.max('traffic'.length, ...named.map((n) => stringWidth(n.label))));
  const bar = Math.min(widestBar, c.width - indent - label - 2 - beyond);
  const scale = timeScale(endOf(t), bar);
  const row = (name: string, picture: string): string => {
    const text = clipped(name, label, c.signs.more);
    return `${' '.repeat(indent)}${text}${' '.repeat(label - stringWidth(text))}  ${picture}`.trimEnd();
  };
  const words = (text: string): readonly string[] => c.text(' '.repeat(indent + label + 2), text);
  const timed = (events: readonly TimedWords[]): readonly string[] => {
    const widest = Math.max(...events.map((e) => e.at.length));
    return events.flatMap((e) => c.text(`${' '.repeat(indent + label + 2)}${e.at.padStart(widest)}  `, e.text));
  };
  const who = (names: readonly string[], shownName: string): readonly string[] =>
    names.length > 1 || stringWidth(shownName) > label ? words(`${onNames(names, c.verbose)}:`) : [];
  return [
    ...c.text('', `When it is deleted, in seconds (grace period ${seconds(t.graceSeconds)}):`),
    row('', c.paint('dim', scale.axis)),
    ...(t.trafficUntil === null
      ? words('no Service leads traffic to it')
      : [row('traffic', timeRow({ trafficUntil: t.trafficUntil }, scale, c)), ...words(trafficWords(t, c))]),
    ...named.flatMap(({ one, on, label: name }) => [
      row(name, timeRow(one, scale, c)),
      ...who(on, name),
      ...timed(timeWords(one, trees.get(one.name), c)),
    ]),
    ...(rest > 0 ? words(`${c.signs.more} ${rest} more containers (-v)`) : []),
    ...(t.losses.length > 0
      ? [
          row('lost', timeRow({ losses: t.losses }, scale, c)),
          ...timed(
            t.losses.map(({ from, to, why }) => ({
              at: `${from < to ? `${Number(from.toFixed(1))}-` : ''}${seconds(to)}`,
              text: why,
            })),
          ),
        ]
      : []),
  ];
};

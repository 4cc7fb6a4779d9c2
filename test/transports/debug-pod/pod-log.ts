import type http from 'node:http';
import type { Rule } from './fake-apiserver.ts';

/** The log of a pod as a kubelet keeps it: line by line, with times, and rotated. */
export interface PodLog {
  /** Answers what asks for the log of the pods of its node. */
  readonly rule: Rule;
  /** What was asked of those who followed it, in order: seconds, null for all of it. */
  readonly asked: readonly (number | null)[];
  /** How many follow it now. */
  readonly followers: () => number;
  /** Writes whole lines. */
  write(lines: readonly string[]): void;
  /** The connections break, of `unsent` (whole lines, which are in the log) only so many characters are sent before. */
  cut(unsent?: readonly string[], sent?: number): void;
  /** The next to follow it gets no more than so many lines, then its connection breaks. */
  cutNextAfter(lines: number): void;
  /** Whoever follows it gets nothing any more, and is not told. */
  hush(): void;
  /** What is older than the last so many lines is gone. */
  rotate(kept: number): void;
  /** The container has ended: nothing more comes. */
  end(): void;
  /** What is tried first for those who follow it, from now on. */
  instead: Rule | null;
}

const textOf = (lines: readonly string[]): string => lines.map((l) => `${l}\n`).join('');

/** The log of the pods of that node. */
export const podLog = (node = 'n1'): PodLog => {
  let all: { readonly line: string; readonly atMs: number }[] = [];
  const followers = new Set<http.ServerResponse>();
  const asked: (number | null)[] = [];
  let ended = false;
  let cutAfter: number | null = null;
  const self: { instead: Rule | null } = { instead: null };

  const rule: Rule = (request, response) => {
    const { url } = request;
    if (!url.pathname.includes(`/pods/netdoctor-${node}-`) || !url.pathname.endsWith('/log')) return false;
    if (url.searchParams.get('follow') !== 'true') {
      response.end(textOf(all.slice(-1).map((l) => l.line)));
      return true;
    }
    const seconds = url.searchParams.get('sinceSeconds');
    asked.push(seconds === null ? null : Number(seconds));
    if (self.instead?.(request, response)) return true;
    const since = seconds === null ? 0 : Date.now() - Number(seconds) * 1000;
    const lines = all.filter((l) => l.atMs >= since).map((l) => l.line);
    response.flushHeaders();
    if (cutAfter !== null) {
      response.write(textOf(lines.slice(0, cutAfter)), () => response.destroy());
      cutAfter = null;
      return true;
    }
    response.write(textOf(lines));
    if (ended) response.end();
    else {
      followers.add(response);
      response.once('close', () => followers.delete(response));
    }
    return true;
  };
  const keep = (lines: readonly string[]): void => {
    all.push(...lines.map((line) => ({ line, atMs: Date.now() })));
  };
  return Object.assign(self, {
    ...{ rule, asked },
    followers: () => followers.size,
    write: (lines: readonly string[]) => {
      keep(lines);
      for (const response of followers) response.write(textOf(lines));
    },
    cut: (unsent: readonly string[] = [], sent = 0) => {
      keep(unsent);
      for (const response of followers)
        response.write(textOf(unsent).slice(0, sent), () => {
          response.destroy();
        });
      followers.clear();
    },
    cutNextAfter: (lines: number) => {
      cutAfter = lines;
    },
    hush: () => followers.clear(),
    rotate: (kept: number) => {
      all = all.slice(-kept);
    },
    end: () => {
      ended = true;
      for (const response of followers) response.end();
      followers.clear();
    },
  });
};

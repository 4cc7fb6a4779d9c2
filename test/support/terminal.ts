import { clearLine, cursorTo, moveCursor } from 'node:readline';
import { Writable } from 'node:stream';
import xterm from '@xterm/headless';
import type { Output } from '../../src/cli/streams.ts';

/** A terminal as people use one: it obeys control sequences, and breaks lines anew when it is made narrower. */
export interface FakeTerminal {
  readonly stream: Output & Writable;
  /** All that was written to it. */
  readonly written: () => string;
  /** All its lines, those that were scrolled away too; lines that it broke itself are whole. */
  readonly lines: () => Promise<readonly string[]>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  readonly write: (text: string) => void;
}

/** Makes one of that size. */
export const fakeTerminal = (columns: number, rows: number): FakeTerminal => {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 100_000 });
  let written = '';
  const put = (text: string): void => {
    written += text;
    // the kernel's end of a terminal makes a carriage return of each newline
    terminal.write(text.replaceAll(/\r?\n/g, '\r\n'));
  };
  const settled = (): Promise<void> => new Promise((resolve) => terminal.write('', resolve));
  const sink = new Writable({
    decodeStrings: false,
    write: (chunk, _, next) => {
      put(String(chunk));
      next();
    },
  });
  const stream = Object.assign(sink, {
    ...{ isTTY: true, columns, rows },
    // what a spinner asks a terminal for
    cursorTo: (x: number) => cursorTo(sink, x),
    moveCursor: (x: number, y: number) => moveCursor(sink, x, y),
    clearLine: (to: -1 | 0 | 1) => clearLine(sink, to),
  });
  return {
    stream,
    written: () => written,
    lines: async () => {
      await settled();
      const { active } = terminal.buffer;
      const lines: string[] = [];
      for (let i = 0; i < active.length; i++) {
        const line = active.getLine(i);
        const text = line?.translateToString(true) ?? '';
        if (line?.isWrapped) lines.push(`${lines.pop() ?? ''}${text}`);
        else lines.push(text);
      }
      while (lines.at(-1) === '') lines.pop();
      return lines;
    },
    resize: async (c, r) => {
      await settled();
      terminal.resize(c, r);
      Object.assign(stream, { columns: c, rows: r });
    },
    write: put,
  };
};

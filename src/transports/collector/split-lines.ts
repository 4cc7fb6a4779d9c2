/** A line longer than this is no line of ours (ours have 76 columns, or a file's own line behind a bar): it is cut there. */
const lineLimit = 2_097_152;

const grown = (line: string, piece: string): string => line + piece.slice(0, lineLimit - line.length);

/** Splits a stream of text into lines, one at a time; memory stays bounded whatever comes. */
export async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
  let rest = '';
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf('\n'); to >= 0; to = chunk.indexOf('\n', from)) {
      const line = grown(rest, chunk.slice(from, to));
      rest = '';
      from = to + 1;
      yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
    rest = grown(rest, chunk.slice(from));
  }
  if (rest !== '') yield rest;
}

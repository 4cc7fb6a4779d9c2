/** A line longer than this is no line of ours (ours have 76 columns, or a file's own line behind a bar): it is cut there. */
const lineLimit = 2_097_152;

/** Splits a stream of text into lines; memory stays bounded whatever comes. */
export async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
  let rest = '';
  let overlong = false;
  for await (const chunk of chunks) {
    const lines = chunk.split('\n');
    for (let i = 0; i < lines.length; i++) {
      const piece = lines[i] ?? '';
      if (!overlong) rest += piece.length > lineLimit ? piece.slice(0, lineLimit) : piece;
      if (rest.length > lineLimit) {
        rest = rest.slice(0, lineLimit);
        overlong = true;
      }
      if (i < lines.length - 1) {
        yield rest.endsWith('\r') ? rest.slice(0, -1) : rest;
        rest = '';
        overlong = false;
      }
    }
  }
  if (rest !== '') yield rest;
}

/** Gives a stream of text up to a length (in UTF-16 units, of which a byte makes at most one); `onCut` hears that there was more. */
export async function* upTo(
  chunks: AsyncIterable<string>,
  limit: number,
  onCut: () => void,
): AsyncGenerator<string, void> {
  let left = limit;
  for await (const chunk of chunks) {
    if (chunk.length > left) {
      yield chunk.slice(0, left);
      onCut();
      return;
    }
    left -= chunk.length;
    yield chunk;
  }
}

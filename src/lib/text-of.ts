/** What a stream says, as it comes, read as UTF-8. */
export async function* textOf(stream: NodeJS.ReadableStream): AsyncGenerator<string, void> {
  stream.setEncoding('utf8');
  for await (const chunk of stream) yield String(chunk);
}

/** Linux takes no argument longer than this, its NUL included (MAX_ARG_STRLEN). */
const argumentLimitBytes = 131_072;

/** What a shell is to be started with to run this program. A long one comes in several arguments, cut between lines, which the shell puts together again. */
export const shellArgv = (program: string): readonly string[] => {
  if (Buffer.byteLength(program) < argumentLimitBytes) return ['sh', '-c', program];
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const line of program.split(/(?<=\n)/)) {
    const length = Buffer.byteLength(line);
    if (bytes + length >= argumentLimitBytes) {
      pieces.push(piece);
      piece = '';
      bytes = 0;
    }
    piece += line;
    bytes += length;
  }
  pieces.push(piece);
  return ['sh', '-c', `eval "${pieces.map((_, i) => `\${${i + 1}}`).join('')}"`, 'sh', ...pieces];
};

/** Node's error code, or empty. */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** An error of reading a file in the words that Go has for it. */
export const goWords = (error: unknown, path: string): string => {
  switch (codeOf(error)) {
    case 'ENOENT':
      return `open ${path}: no such file or directory`;
    case 'EACCES':
      return `open ${path}: permission denied`;
    case 'EISDIR':
      return `read ${path}: is a directory`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
};

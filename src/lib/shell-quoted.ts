/** Text as one word of a POSIX shell, in single quotes: nothing in it is expanded. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

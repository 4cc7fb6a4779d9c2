const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'a directory',
  ENOTDIR: 'no such file or directory',
  ELOOP: 'too many links',
};

/** Why a file cannot be read, in the system's usual words. */
export const whyNot = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  return words[code] ?? (error instanceof Error ? error.message : String(error));
};

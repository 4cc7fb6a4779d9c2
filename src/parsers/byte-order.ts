const bigEndian = new Set(['s390x', 's390', 'ppc64', 'ppc', 'mips', 'mips64']);

/** The byte order of the machine, from the line "arch <uname -m>" of what it says; null if it is not there. */
export const isLittleEndian = (lines: readonly string[]): boolean | null => {
  const arch = lines
    .find((l) => l.startsWith('arch '))
    ?.slice(5)
    .trim();
  return arch ? !bigEndian.has(arch) : null;
};

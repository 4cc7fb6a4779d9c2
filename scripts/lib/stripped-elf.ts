const loadable = 1;

/**
 * A 64-bit little-endian ELF executable without what is not loaded to run it: symbol table, debug information and the table of sections, which
 * stand behind the last segment (ELF-64 Object File Format, version 1.5). The same bytes give the same bytes, on any machine.
 */
export const strippedElf = (elf: Buffer): Buffer => {
  // magic, ELFCLASS64, ELFDATA2LSB
  if (elf.length < 64 || elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf[5] !== 1)
    throw new Error('no 64-bit little-endian ELF file');
  const headers = Number(elf.readBigUInt64LE(0x20));
  const size = elf.readUInt16LE(0x36);
  let end = 0;
  for (let i = 0; i < elf.readUInt16LE(0x38); i++) {
    const at = headers + i * size;
    if (elf.readUInt32LE(at) !== loadable) continue;
    end = Math.max(end, Number(elf.readBigUInt64LE(at + 0x08)) + Number(elf.readBigUInt64LE(at + 0x20)));
  }
  if (end === 0 || end > elf.length) throw new Error('the segments of the ELF file do not lie in it');
  const stripped = Buffer.from(elf.subarray(0, end));
  stripped.writeBigUInt64LE(0n, 0x28); // e_shoff
  stripped.writeUInt16LE(0, 0x3c); // e_shnum
  stripped.writeUInt16LE(0, 0x3e); // e_shstrndx
  return stripped;
};

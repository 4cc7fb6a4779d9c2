/** Where the entry for the certificates stands, counted from the optional header of a 64-bit file (PE Format, "Optional Header Data Directories"). */
const certificates = 144;

/** A 64-bit Windows executable without its Authenticode signature, which no longer holds once the file is changed. */
export const unsignedPe = (pe: Buffer): Buffer => {
  const header = pe.length < 0x40 ? pe.length : pe.readUInt32LE(0x3c);
  const optional = header + 24;
  if (optional + certificates + 8 > pe.length || pe.toString('latin1', header, header + 4) !== 'PE\0\0')
    throw new Error('no Windows executable');
  if (pe.readUInt16LE(optional) !== 0x20b) throw new Error('no 64-bit Windows executable');
  const at = pe.readUInt32LE(optional + certificates);
  const size = pe.readUInt32LE(optional + certificates + 4);
  if (at === 0) return pe;
  if (at + size !== pe.length) throw new Error('the signature does not stand at the end of the Windows executable');
  const unsigned = Buffer.from(pe.subarray(0, at));
  unsigned.fill(0, optional + certificates, optional + certificates + 8);
  unsigned.writeUInt32LE(0, optional + 64); // the checksum, which is optional for programs
  return unsigned;
};

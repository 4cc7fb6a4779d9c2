import { createHash } from 'node:crypto';

/** The code signature of a macOS executable, as far as it can be checked without the certificates. */
export interface MachOSignature {
  readonly identifier: string;
  /** Apple's id of who signed; null of an ad-hoc signature. */
  readonly team: string | null;
  /** Pages whose SHA-256 was compared. */
  readonly pages: number;
  /** What is wrong with it, in words; empty when every page and every blob has the sum that was signed. */
  readonly faults: readonly string[];
}

const lc = { codeSignature: 0x1d };
const magic = { machO64: 0xfeedfacf, superBlob: 0xfade0cc0, codeDirectory: 0xfade0c02, cms: 0xfade0b01 };
const sha256 = { type: 2, bytes: 32 };
const teamSince = 0x20200;

const sum = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
const hex = (n: number): string => `0x${n.toString(16)}`;

interface Blob {
  readonly slot: number;
  readonly magic: number;
  readonly data: Buffer;
}

const blobsOf = (signature: Buffer): readonly Blob[] => {
  if (signature.readUInt32BE(0) !== magic.superBlob) throw new Error('the signature is no SuperBlob');
  return Array.from({ length: signature.readUInt32BE(8) }, (_, i) => {
    const slot = signature.readUInt32BE(12 + 8 * i);
    const at = signature.readUInt32BE(16 + 8 * i);
    const size = signature.readUInt32BE(at + 4);
    if (at + size > signature.length) throw new Error(`the blob of slot ${hex(slot)} does not lie in the signature`);
    return { slot, magic: signature.readUInt32BE(at), data: signature.subarray(at, at + size) };
  });
};

const place = (file: Buffer): { readonly at: number; readonly size: number } => {
  if (file.length < 32 || file.readUInt32LE(0) !== magic.machO64)
    throw new Error('no 64-bit Mach-O file for one processor');
  let at = 32;
  for (let i = 0; i < file.readUInt32LE(16); i++) {
    if (file.readUInt32LE(at) === lc.codeSignature)
      return { at: file.readUInt32LE(at + 8), size: file.readUInt32LE(at + 12) };
    at += file.readUInt32LE(at + 4);
  }
  throw new Error('no signature');
};

const text = (data: Buffer, at: number): string => data.toString('utf8', at, data.indexOf(0, at));

/**
 * Reads the signature of a Mach-O file and compares every page and every blob with the sums in it, byte by byte, as the kernel does before it runs the
 * file (the layout: apple-oss-distributions/xnu, osfmk/kern/cs_blobs.h). Throws when there is none, or none that it knows.
 */
export const machOSignature = (file: Buffer): MachOSignature => {
  const { at, size } = place(file);
  if (at + size !== file.length) throw new Error('the signature does not stand at the end of the file');
  const blobs = blobsOf(file.subarray(at));
  const directories = blobs.filter((b) => b.magic === magic.codeDirectory);
  const [directory] = directories;
  if (!directory || directories.length > 1) throw new Error('not one CodeDirectory but more or none');
  const d = directory.data;
  const hashes = d.readUInt32BE(16);
  const specials = d.readUInt32BE(24);
  const pages = d.readUInt32BE(28);
  const limit = d.readUInt32BE(32);
  const pageBytes = 2 ** (d[39] ?? 0);
  if (d[36] !== sha256.bytes || d[37] !== sha256.type) throw new Error('the sums are not SHA-256');
  const sumAt = (slot: number): string =>
    d.toString('hex', hashes + slot * sha256.bytes, hashes + (slot + 1) * sha256.bytes);
  const faults: string[] = [];
  if (limit !== at) faults.push(`${limit} bytes are signed, of ${at} before the signature`);
  if (pages !== Math.ceil(limit / pageBytes)) faults.push(`${pages} pages are signed, of ${limit} bytes`);
  for (let page = 0; page < pages; page++)
    if (sum(file.subarray(page * pageBytes, Math.min((page + 1) * pageBytes, limit))) !== sumAt(page))
      faults.push(`page ${page} is not what was signed`);
  for (let slot = 1; slot <= specials; slot++) {
    const signed = sumAt(-slot);
    const blob = blobs.find((b) => b.slot === slot);
    if (blob ? signed !== sum(blob.data) : !/^0+$/.test(signed)) faults.push(`slot ${slot} is not what was signed`);
  }
  const team = d.readUInt32BE(8) >= teamSince ? d.readUInt32BE(48) : 0;
  const cms = blobs.find((b) => b.magic === magic.cms);
  if (team !== 0 && (!cms || cms.data.length <= 8)) faults.push('it names who signed it, and has no certificate');
  return { identifier: text(d, d.readUInt32BE(20)), team: team === 0 ? null : text(d, team), pages, faults };
};

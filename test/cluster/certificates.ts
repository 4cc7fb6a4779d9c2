import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';

/** A certificate and its key, PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const hex = (text: string) => Buffer.from(text, 'hex');
const ecdsaSha256 = sequence(hex('06082a8648ce3d040302'));
const name = (cn: string) => sequence(der(0x31, sequence(hex('0603550403'), der(0x0c, Buffer.from(cn)))));
const utcTime = (date: Date) => der(0x17, Buffer.from(`${date.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));
const day = 86_400_000;

/** Makes a certificate for 127.0.0.1 and the DNS names, signed by `issuer` or by itself; `days` from now until it expires. */
export const makeCertificate = (
  cn: string,
  issuer: (Pair & { cn: string }) | null,
  dnsNames: readonly string[] = [],
  days = 1,
): Pair => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const altNames = [...dnsNames.map((d) => der(0x82, Buffer.from(d))), der(0x87, Buffer.from([127, 0, 0, 1]))];
  const extensions = [
    ...(issuer ? [] : [sequence(hex('0603551d13'), hex('0101ff'), der(0x04, sequence(hex('0101ff'))))]),
    sequence(hex('0603551d11'), der(0x04, sequence(...altNames))),
  ];
  const tbs = sequence(
    der(0xa0, hex('020102')),
    der(0x02, Buffer.from([Math.floor(Math.random() * 127) + 1, Math.floor(Math.random() * 256)])),
    ecdsaSha256,
    name(issuer?.cn ?? cn),
    sequence(utcTime(new Date(Date.now() - 30 * day)), utcTime(new Date(Date.now() + days * day))),
    name(cn),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', tbs, issuer ? createPrivateKey(issuer.key) : privateKey);
  const certificate = sequence(tbs, ecdsaSha256, der(0x03, Buffer.from([0]), signature));
  const base64 = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};

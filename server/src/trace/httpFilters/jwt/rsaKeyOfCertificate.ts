/** The RSA key of an X.509 certificate (RFC 5280, 4.1.2.7; RFC 8017, A.1.1). */
import { readCertificates } from '../../../model/certificate';
import type { RsaKey } from './rsaSignature';

/** Of the first certificate of a PEM text; undefined where there is none, or its key is no RSA key. */
export function rsaKeyOfCertificate(pem: string): RsaKey | undefined {
  const [certificate] = readCertificates(pem, 1);
  if (certificate?.publicKey.kind !== 'RSA') return undefined;
  // SEQUENCE { algorithm, BIT STRING { SEQUENCE { modulus INTEGER, exponent INTEGER } } }
  const [, bits] = partsOf(partsOf(certificate.publicKeyInfo)[0]);
  const [modulus, exponent] = partsOf(partsOf(bits?.subarray(1))[0]);
  return modulus && exponent && { modulus: unsigned(modulus), exponent: unsigned(exponent) };
}

/** The contents of the DER elements that stand in a row; what is cut off is left out. */
function partsOf(bytes: Uint8Array = new Uint8Array()): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at + 1 < bytes.length;) {
    const { length, start } = lengthAt(bytes, at + 1);
    if (start + length > bytes.length) break;
    parts.push(bytes.subarray(start, start + length));
    at = start + length;
  }
  return parts;
}

/** X.690, 8.1.3: one byte below 128, or how many bytes the length has. */
function lengthAt(bytes: Uint8Array, at: number): { length: number; start: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { length: first, start: at + 1 };
  const start = at + 1 + (first & 0x7f);
  return { length: bytes.subarray(at + 1, start).reduce((sum, byte) => sum * 256 + byte, 0), start };
}

/** An INTEGER whose first bit is set has a zero before it. */
function unsigned(integer: Uint8Array): Uint8Array {
  return integer[0] === 0 ? integer.subarray(1) : integer;
}

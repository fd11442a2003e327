/** RSA signatures (RFC 8017): PKCS #1 v1.5 and PSS. */
import { bytesOf, integerOf, power } from './bigIntegers';
import { sha2, type ShaBits } from './sha2';

export interface RsaKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

export interface Signed {
  /** The message's hash of so many bits. */
  readonly hashed: Uint8Array;
  readonly bits: ShaBits;
}

/** BoringSSL takes odd moduli of 512 to 16384 bits, and jwks.cc these exponents (crypto/fipsmodule/rsa/rsa_impl.cc.inc rsa_check_public_key). */
export function isUsableKey({ modulus, exponent }: RsaKey): boolean {
  const [n, e] = [integerOf(modulus), integerOf(exponent)];
  const bits = bitLength(n);
  return n % 2n === 1n && bits >= 512 && bits <= 16384 && (e === 3n || e === 65537n);
}

/** DigestInfo before the hash, RFC 8017 9.2 note 1. */
function digestInfo(bits: ShaBits): number[] {
  const [length, id] = [bits / 8, { 256: 1, 384: 2, 512: 3 }[bits]];
  return [0x30, length + 17, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, id, 0x05, 0x00, 0x04, length];
}

/** RSASSA-PKCS1-v1_5. */
export function verifyPkcs1(key: RsaKey, signature: Uint8Array, { hashed, bits }: Signed): boolean {
  const opened = openSignature(key, signature);
  if (!opened) return false;
  const tail = [0, ...digestInfo(bits), ...hashed];
  const padding = opened.bytes.length - tail.length - 2;
  if (padding < 8) return false;
  const expected = [0, 1, ...new Array<number>(padding).fill(0xff), ...tail];
  return expected.every((byte, index) => opened.bytes[index] === byte);
}

/** RSASSA-PSS with the hash for MGF1 as well; the salt may have any length. */
export function verifyPss(key: RsaKey, signature: Uint8Array, { hashed, bits }: Signed): boolean {
  const opened = openSignature(key, signature);
  if (!opened) return false;
  const size = opened.bits - 1;
  const encoded = size % 8 === 0 ? opened.bytes.slice(1) : opened.bytes;
  if ((size % 8 === 0 && opened.bytes[0] !== 0) || encoded.at(-1) !== 0xbc) return false;
  const split = encoded.length - bits / 8 - 1;
  if (split < 1) return false;
  const [masked, sealed] = [encoded.slice(0, split), encoded.slice(split, -1)];
  const mask = generateMask(sealed, masked.length, bits);
  const block = masked.map((byte, index) => byte ^ (mask[index] ?? 0));
  const unused = 8 * encoded.length - size;
  if ((masked[0] ?? 0) >>> (8 - unused) !== 0) return false;
  block[0] = (block[0] ?? 0) & (0xff >>> unused);
  const one = block.findIndex((byte) => byte !== 0);
  if (one < 0 || block[one] !== 1) return false;
  const sum = sha2(bits, Uint8Array.from([...new Array<number>(8).fill(0), ...hashed, ...block.slice(one + 1)]));
  return sum.every((byte, index) => sealed[index] === byte);
}

/** MGF1. */
function generateMask(seed: Uint8Array, length: number, bits: ShaBits): Uint8Array {
  const mask: number[] = [];
  for (let counter = 0; mask.length < length; counter++)
    mask.push(...sha2(bits, Uint8Array.from([...seed, counter >>> 24, (counter >>> 16) & 0xff, (counter >>> 8) & 0xff, counter & 0xff])));
  return Uint8Array.from(mask.slice(0, length));
}

/** The signature to the power of the public exponent, for a usable key; undefined where it does not have the modulus' length, or is no less. */
function openSignature({ modulus, exponent }: RsaKey, signature: Uint8Array): { bytes: Uint8Array; bits: number } | undefined {
  const [n, e, value] = [integerOf(modulus), integerOf(exponent), integerOf(signature)];
  const bits = bitLength(n);
  const length = Math.ceil(bits / 8);
  if (signature.length !== length || value >= n) return undefined;
  return { bytes: bytesOf(power(value, e, n), length), bits };
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

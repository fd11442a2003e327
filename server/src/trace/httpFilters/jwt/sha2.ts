/** The hashes that signatures use (FIPS 180-4), by the length of the result. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';

export type ShaBits = 256 | 384 | 512;

const HASHES = { 256: sha256, 384: sha384, 512: sha512 } as const;

/** The hash of a message, `bits / 8` bytes. */
export function sha2(bits: ShaBits, message: Uint8Array): Uint8Array {
  return HASHES[bits](message);
}

/** HMAC (RFC 2104). */
export function hmacSha2(bits: ShaBits, key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(HASHES[bits], key, message);
}

/** Ed25519 (RFC 8032). */
import { ed25519 } from '@noble/curves/ed25519.js';

/** `key` has 32 bytes, the signature 64. */
export function verifyEdwards(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    // The library throws what is no point or no number of the curve.
    return false;
  }
}

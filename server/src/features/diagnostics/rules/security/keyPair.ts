/** Does a private key belong to a certificate? Told by the public half that the key holds, too; nothing of a key is kept or shown. */
import { decodeBase64 } from '../../../../text/encoding';

/**
 * True or false where both PEM texts tell; undefined for encrypted keys, keys without their public half, and kinds other than RSA and ECDSA.
 * Envoy looks at the first certificate of a chain (source/common/tls/context_impl.cc: SSL_CTX_use_PrivateKey).
 */
export function isKeyOf(keyPem: string, chainPem: string): boolean | undefined {
  const key = derOf(keyPem, /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/);
  const certificate = derOf(chainPem, /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END/);
  const half = key === undefined ? undefined : publicHalf(key);
  return half === undefined || certificate === undefined ? undefined : certificate.includes(half);
}

/** Bytes as characters, so that they can be searched. */
function derOf(pem: string, block: RegExp): string | undefined {
  const bytes = decodeBase64((block.exec(pem)?.[1] ?? '').replace(/\s+/g, ''));
  return bytes && bytes.length > 0 && bytes.length <= MAX_BYTES ? String.fromCharCode(...bytes) : undefined;
}

/** More than a key of 16,384 bits. */
const MAX_BYTES = 20_000;
/** How much of the public half is compared: as good as all of it. */
const LENGTH = 32;
/** RFC 8017 A.1.2: the exponent 65537, right behind the modulus. */
const RSA_EXPONENT = '\x02\x03\x01\x00\x01';
/** RFC 5915: `[1]` with the point, for curves of 256, 384 and 521 bits. */
const EC_POINTS: readonly (readonly [mark: string, size: number])[] = [
  ['\xa1\x44\x03\x42\x00\x04', 64],
  ['\xa1\x64\x03\x62\x00\x04', 96],
  ['\xa1\x81\x89\x03\x81\x86\x00\x04', 132],
];

function publicHalf(key: string): string | undefined {
  for (const [mark, size] of EC_POINTS) {
    const at = key.indexOf(mark);
    if (at >= 0) return key.slice(at + mark.length, at + mark.length + size);
  }
  const at = key.indexOf(RSA_EXPONENT);
  return at > 2 * LENGTH ? key.slice(at - LENGTH, at) : undefined;
}

/** Is a token signed by one of the keys? (google/jwt_verify_lib, src/verify.cc verifyJwtWithoutTimeChecking) */
import { encodeUtf8 } from '../../../text/encoding';
import { verifyEdwards } from './edwardsSignature';
import { verifyElliptic } from './ellipticSignature';
import type { JwtMessage } from './jwtStatus';
import type { PublicKey } from './readKeySet';
import type { Token } from './readToken';
import { verifyPkcs1, verifyPss } from './rsaSignature';
import { hmacSha2, sha2, type ShaBits } from './sha2';

/** Keys of another `kid` or `alg` than the token's are passed over; any of the others will do. Undefined: the signature is good. */
export function verifySignature(token: Token, keys: readonly PublicKey[]): JwtMessage | undefined {
  const fitting = keys.filter(
    ({ keyId, algorithm }) =>
      (token.keyId === '' || keyId === '' || keyId === token.keyId) && (algorithm === '' || algorithm === token.algorithm),
  );
  if (fitting.length === 0) return "Jwks doesn't have key to match kid or alg from Jwt";
  const message = encodeUtf8(token.signedText);
  const hashes = new Map<ShaBits, Uint8Array>();
  // Once, however many keys are tried.
  const hash = (bits: ShaBits): Uint8Array => {
    const known = hashes.get(bits) ?? sha2(bits, message);
    hashes.set(bits, known);
    return known;
  };
  for (const key of fitting) {
    if (key.kind === 'edwards' && token.signature.length !== 64) return 'Jwt ED25519 signature is wrong length';
    if (isSignedBy(key, token, { message, hash })) return undefined;
  }
  return 'Jwt verification fails';
}

interface SignedMessage {
  readonly message: Uint8Array;
  readonly hash: (bits: ShaBits) => Uint8Array;
}

function isSignedBy(key: PublicKey, { algorithm, signature }: Token, { message, hash }: SignedMessage): boolean {
  const bits = bitsOf(algorithm, key.kind);
  switch (key.kind) {
    case 'rsa':
      if (algorithm.startsWith('RS')) return verifyPkcs1(key, signature, { hashed: hash(bits), bits });
      return algorithm.startsWith('PS') && verifyPss(key, signature, { hashed: hash(bits), bits });
    case 'elliptic':
      return verifyElliptic(key, signature, hash(bits));
    case 'edwards':
      return verifyEdwards(key.point, signature, message);
    case 'secret': {
      const expected = hmacSha2(bits, key.secret, message);
      return expected.length === signature.length && expected.every((byte, index) => byte === signature[index]);
    }
  }
}

const FAMILIES: Readonly<Record<PublicKey['kind'], readonly string[]>> = {
  rsa: ['RS', 'PS'],
  elliptic: ['ES'],
  edwards: [],
  secret: ['HS'],
};

/** SHA-256 also where the token names an algorithm of another family than the key's. */
function bitsOf(algorithm: string, kind: PublicKey['kind']): ShaBits {
  const isOfFamily = FAMILIES[kind].includes(algorithm.slice(0, 2));
  if (isOfFamily && algorithm.endsWith('384')) return 384;
  return isOfFamily && algorithm.endsWith('512') ? 512 : 256;
}

/** Public keys of a JSON Web Key Set (google/jwt_verify_lib, src/jwks.cc Jwks::createFromJwksCore). */
import { isJsonObject } from '../../../protocol/jsonValue';
import { readStruct } from '../../../syntax/json/readStruct';
import { isOnCurve, type Curve } from './ellipticSignature';
import { decodeUrl, type Claims } from './readToken';
import { rsaKeyOfCertificate } from './rsaKeyOfCertificate';
import { isUsableKey } from './rsaSignature';

export interface KeyName {
  /** `kid` and `alg`; empty where the key has none: then it fits every token. */
  readonly keyId: string;
  readonly algorithm: string;
}

export type PublicKey = KeyName &
  (
    | { readonly kind: 'rsa'; readonly modulus: Uint8Array; readonly exponent: Uint8Array }
    | { readonly kind: 'elliptic'; readonly curve: Curve; readonly x: Uint8Array; readonly y: Uint8Array }
    | { readonly kind: 'edwards'; readonly point: Uint8Array }
    | { readonly kind: 'secret'; readonly secret: Uint8Array }
  );

export type KeySet =
  | { readonly kind: 'keys'; readonly keys: readonly PublicKey[] }
  /** Envoy takes none of it, and has no key then; `isStruct`: it can read the text as an object at least. */
  | { readonly kind: 'invalid'; readonly isStruct: boolean };

const WITHOUT_KEYS: KeySet = { kind: 'invalid', isStruct: true };

/** Keys that cannot be read are left out, as Envoy does. */
export function readKeySet(text: string): KeySet {
  const set = readStruct(text);
  if (!isJsonObject(set)) return { kind: 'invalid', isStruct: set !== undefined };
  const list = set['keys'];
  if (list === undefined) return readCertificateKeys(set);
  if (!Array.isArray(list)) return WITHOUT_KEYS;
  const keys = list.flatMap((each: unknown) => (isJsonObject(each) ? (readKey(each) ?? []) : []));
  return keys.length > 0 ? { kind: 'keys', keys } : WITHOUT_KEYS;
}

/** `{"key id": "-----BEGIN CERTIFICATE-----…"}`: one that is none, or has no RSA key, spoils all. `x5c` of other keys is never read. */
function readCertificateKeys(set: Claims): KeySet {
  const keys = Object.entries(set).map(([keyId, pem]): PublicKey | undefined => {
    const key = keyId !== '' && typeof pem === 'string' && CERTIFICATE.test(pem) ? rsaKeyOfCertificate(pem) : undefined;
    return key && { keyId, algorithm: '', kind: 'rsa', ...key };
  });
  const known = keys.filter((key) => key !== undefined);
  return known.length > 0 && known.length === keys.length ? { kind: 'keys', keys: known } : WITHOUT_KEYS;
}

const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\n[^]*\n-----END CERTIFICATE-----\n$/;

function readKey(key: Claims): PublicKey | undefined {
  const name: KeyName = { keyId: textOf(key, 'kid') ?? '', algorithm: textOf(key, 'alg') ?? '' };
  switch (textOf(key, 'kty')) {
    case 'RSA':
      return readRsa(key, name);
    case 'EC':
      return readElliptic(key, name);
    case 'OKP':
      return readEdwards(key, name);
    case 'oct':
      return readSecret(key, name);
    default:
      return undefined;
  }
}

function textOf(key: Claims, field: string): string | undefined {
  const value = key[field];
  return typeof value === 'string' ? value : undefined;
}

function bytesOf(key: Claims, field: string): Uint8Array | undefined {
  const text = textOf(key, field);
  return text === undefined ? undefined : decodeUrl(text);
}

function readRsa(key: Claims, name: KeyName): PublicKey | undefined {
  const [modulus, exponent] = [bytesOf(key, 'n'), bytesOf(key, 'e')];
  if (!/^(?:RS|PS|$)/.test(name.algorithm) || !modulus || !exponent) return undefined;
  return isUsableKey({ modulus, exponent }) ? { ...name, kind: 'rsa', modulus, exponent } : undefined;
}

const CURVES: ReadonlyMap<string, Curve> = new Map([
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
]);

function readElliptic(key: Claims, name: KeyName): PublicKey | undefined {
  const { algorithm } = name;
  if (!/^(?:ES|$)/.test(algorithm) || (key['crv'] !== undefined && typeof key['crv'] !== 'string')) return undefined;
  const [given, implied] = [textOf(key, 'crv') ?? '', CURVES.get(algorithm)];
  if (algorithm !== '' && given !== '' && implied !== given) return undefined;
  const wanted = implied ?? (given === '' && algorithm === '' ? 'P-256' : given);
  const curve = [...CURVES.values()].find((each) => each === wanted);
  const [x, y] = [bytesOf(key, 'x'), bytesOf(key, 'y')];
  return curve && x && y && isOnCurve({ curve, x, y }) ? { ...name, kind: 'elliptic', curve, x, y } : undefined;
}

function readEdwards(key: Claims, name: KeyName): PublicKey | undefined {
  const point = bytesOf(key, 'x');
  if (!['', 'EdDSA'].includes(name.algorithm) || textOf(key, 'crv') !== 'Ed25519' || point?.length !== 32) return undefined;
  return { ...name, kind: 'edwards', point };
}

function readSecret(key: Claims, name: KeyName): PublicKey | undefined {
  const secret = bytesOf(key, 'k');
  if (!['', 'HS256', 'HS384', 'HS512'].includes(name.algorithm) || !secret || secret.length === 0) return undefined;
  return { ...name, kind: 'secret', secret };
}

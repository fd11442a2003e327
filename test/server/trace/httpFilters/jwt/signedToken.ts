/** Makes keys and signed tokens with Node's cryptography, to hold ours against it. */
import { constants, createHmac, generateKeyPairSync, KeyObject, sign } from 'node:crypto';

export interface SigningKey {
  readonly algorithm: string;
  readonly key: KeyObject | Buffer;
  /** The public half, as it stands in a JWKS. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

export function makeKey(algorithm: string, name: Readonly<Record<string, unknown>> = {}): SigningKey {
  if (algorithm.startsWith('HS')) {
    const key = Buffer.from('a secret of some length that is hashed when it is too long for the block');
    return { algorithm, key, jwk: { kty: 'oct', k: key.toString('base64url'), ...name } };
  }
  const { publicKey, privateKey } = makePair(algorithm);
  return { algorithm, key: privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), ...name } };
}

function makePair(algorithm: string): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  const namedCurve = CURVES[algorithm];
  return namedCurve === undefined ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve });
}

const section = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function signToken(
  { algorithm, key }: SigningKey,
  claims: unknown,
  { header = {}, saltLength = constants.RSA_PSS_SALTLEN_DIGEST }: { header?: object; saltLength?: number } = {},
): string {
  const text = `${section({ alg: algorithm, ...header })}.${section(claims)}`;
  return `${text}.${signatureOf(text, algorithm, { key, saltLength }).toString('base64url')}`;
}

function signatureOf(text: string, algorithm: string, { key, saltLength }: { key: KeyObject | Buffer; saltLength: number }): Buffer {
  const hash = `sha${algorithm.slice(2)}`;
  if (!(key instanceof KeyObject)) return createHmac(hash, key).update(text).digest();
  if (algorithm === 'EdDSA') return sign(null, Buffer.from(text), key);
  if (algorithm.startsWith('PS')) return sign(hash, Buffer.from(text), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  return sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
}

import 'reflect-metadata';
import { createHash, KeyObject } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { describe, expect, test } from 'vitest';
import { readKeySet, type PublicKey } from '../../../../../server/src/trace/httpFilters/jwt/readKeySet';
import { readToken } from '../../../../../server/src/trace/httpFilters/jwt/readToken';
import { sha2 } from '../../../../../server/src/trace/httpFilters/jwt/sha2';
import { verifySignature } from '../../../../../server/src/trace/httpFilters/jwt/verifySignature';
import { AUTHORITY_PEM } from '../../../../support/certificates';
import { makeKey, signToken, type SigningKey } from './signedToken';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'HS256', 'HS384', 'HS512'];

function keysOf(...all: SigningKey[]): readonly PublicKey[] {
  const set = readKeySet(JSON.stringify({ keys: all.map(({ jwk }) => jwk) }));
  if (set?.kind !== 'keys') throw new Error('no keys');
  return set.keys;
}

function verify(text: string, keys: readonly PublicKey[]): string | undefined {
  const token = readToken(text);
  if (token.kind !== 'token') throw new Error(token.message);
  return verifySignature(token, keys);
}

function damage(token: string, at: number): string {
  const bytes = Buffer.from(token.split('.')[2] ?? '', 'base64url');
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return [...token.split('.').slice(0, 2), bytes.toString('base64url')].join('.');
}

describe.each(ALGORITHMS)('a signature by %s', (algorithm) => {
  const key = makeKey(algorithm);
  const keys = keysOf(key);
  const token = signToken(key, { iss: 'i', sub: 'märz' });

  test('is good by its key, and by no other', () => {
    expect(verify(token, keys)).toBeUndefined();
    const other = keysOf(algorithm.startsWith('HS') ? { ...key, jwk: { kty: 'oct', k: 'YWJj' } } : makeKey(algorithm));
    expect(verify(token, other)).toBe('Jwt verification fails');
    expect(verify(token, [...other, ...keys])).toBeUndefined();
  });

  test('is bad when a bit of it or of the token changes', () => {
    expect(verify(damage(token, 3), keys)).toBe('Jwt verification fails');
    const [header = '', , signature = ''] = token.split('.');
    const changed = Buffer.from(JSON.stringify({ iss: 'i', sub: 'april' })).toString('base64url');
    expect(verify([header, changed, signature].join('.'), keys)).toBe('Jwt verification fails');
  });
});

test('a salt of PSS may have any length', () => {
  const key = makeKey('PS256');
  for (const saltLength of [0, 20, 32, 100]) expect(verify(signToken(key, { iss: 'i' }, { saltLength }), keysOf(key))).toBeUndefined();
});

test('only keys of the kid and the algorithm count', () => {
  const mismatch = "Jwks doesn't have key to match kid or alg from Jwt";
  const key = makeKey('ES256', { kid: 'a', alg: 'ES256' });
  expect(verify(signToken(key, {}, { header: { kid: 'a' } }), keysOf(key))).toBeUndefined();
  expect(verify(signToken(key, {}), keysOf(key))).toBeUndefined();
  expect(verify(signToken(key, {}, { header: { kid: 'b' } }), keysOf(key))).toBe(mismatch);
  expect(verify(signToken({ ...key, algorithm: 'ES384' }, {}), keysOf(key))).toBe(mismatch);
});

test('an Ed25519 signature has 64 bytes', () => {
  const key = makeKey('EdDSA');
  expect(verify(`${signToken(key, {})}AAAA`, keysOf(key))).toBe('Jwt ED25519 signature is wrong length');
});

test.each([256, 384, 512] as const)('SHA-%i is that of Node for every length around a block', (bits) => {
  for (let length = 0; length < 260; length += 3) {
    const message = Buffer.from(Array.from({ length }, (_, index) => (index * 7 + length) % 256));
    expect(Buffer.from(sha2(bits, message)).toString('hex')).toBe(createHash(`sha${bits}`).update(message).digest('hex'));
  }
});

describe('a key set', () => {
  const good = makeKey('ES256').jwk;
  const rsa = makeKey('RS256').jwk;
  test.each<[string, unknown, string]>([
    ['nothing', 'x', 'invalid'],
    ['no keys', {}, 'invalid'],
    ['a point beside the curve', { keys: [{ ...good, y: good['x'] }] }, 'invalid'],
    ['an exponent that nobody uses', { keys: [{ ...rsa, e: 'BQ' }] }, 'invalid'],
    ['an even modulus', { keys: [{ ...rsa, n: `${String(rsa['n']).slice(0, -1)}A` }] }, 'invalid'],
    ['a modulus of 511 bits', { keys: [{ ...rsa, n: `Q${'A'.repeat(84)}Q` }] }, 'invalid'],
    ['an algorithm of another family', { keys: [{ ...rsa, alg: 'ES256' }] }, 'invalid'],
    ['a curve that is not the algorithm’s', { keys: [{ ...good, alg: 'ES384' }] }, 'invalid'],
    ['one good key among bad ones', { keys: [{ kty: 'x' }, good] }, 'keys'],
    ['certificates that are none', { k: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n' }, 'invalid'],
    ['a certificate of an elliptic key', { k: AUTHORITY_PEM }, 'invalid'],
  ])('of %s', (_, set, expected) => {
    expect(readKeySet(typeof set === 'string' ? set : JSON.stringify(set))?.kind).toBe(expected);
  });

  const key = JSON.stringify(good);
  test.each([
    ['a comma too many', `{"keys":[${key},],}`, 'keys'],
    ['keys without quotes', `{keys:[${key}]}`, 'keys'],
    ['single quotes', `{'keys':[${key}]}`, 'keys'],
    ['a comment', `{"keys":[${key}] /* x */}`, 'invalid'],
    ['more behind it', `{"keys":[${key}]} x`, 'invalid'],
  ])('written with %s', (_, text, expected) => expect(readKeySet(text)?.kind).toBe(expected));
});

test('certificates by key id are keys of any algorithm of RSA', async () => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 };
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: 'CN=issuer', keys: pair, signingAlgorithm: algorithm });
  const set = readKeySet(JSON.stringify({ one: `${certificate.toString('pem')}\n` }));
  if (set?.kind !== 'keys') throw new Error('no keys');
  const key: SigningKey = { algorithm: 'RS512', key: KeyObject.from(pair.privateKey), jwk: {} };
  expect(verify(signToken(key, {}, { header: { kid: 'one' } }), set.keys)).toBeUndefined();
  expect(verify(signToken(key, {}, { header: { kid: 'other' } }), set.keys)).toBe("Jwks doesn't have key to match kid or alg from Jwt");
  expect(verify(signToken(makeKey('RS256'), {}), set.keys)).toBe('Jwt verification fails');
});

/** What can be read of a token without its key, and what Envoy refuses for its form (google/jwt_verify_lib, src/jwt.cc Jwt::parseFromString, status.cc). */
import { isJsonObject, readJson } from '../../../protocol/jsonValue';
import { decodeBase64, decodeUtf8 } from '../../../text/encoding';
import type { JwtMessage } from './jwtStatus';

export interface Token {
  readonly kind: 'token';
  readonly header: Claims;
  readonly claims: Claims;
  readonly algorithm: string;
  /** `kid`; empty when the token names none. */
  readonly keyId: string;
  /** The payload as it came, in base64url. */
  readonly payloadText: string;
  /** What the signature is made of. */
  readonly signedText: string;
  readonly signature: Uint8Array;
}

export interface MalformedToken {
  readonly kind: 'malformed';
  readonly message: JwtMessage;
}

export type Claims = Readonly<Record<string, unknown>>;

const ALGORITHMS: ReadonlySet<string> = new Set([
  ...['ES', 'HS', 'RS', 'PS'].flatMap((family) => ['256', '384', '512'].map((bits) => family + bits)),
  'EdDSA',
]);

/** Reads a token; empty sections do not count, so `a..b.c` has three. */
export function readToken(text: string): Token | MalformedToken {
  const [header, payload, signature, ...rest] = text.split('.').filter((section) => section !== '');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return malformed('Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections');
  const head = readSection(header, 'Jwt header');
  if (typeof head === 'string') return malformed(head);
  const claims = headerProblem(head) ?? readSection(payload, 'Jwt payload');
  if (typeof claims === 'string') return malformed(claims);
  const problem = claimProblem(claims);
  if (problem) return malformed(problem);
  const bytes = decodeUrl(signature);
  if (!bytes) return malformed('Jwt signature is an invalid Base64url encoded');
  return {
    kind: 'token',
    header: head,
    claims,
    algorithm: textOf(head['alg']),
    keyId: textOf(head['kid']),
    payloadText: payload,
    signedText: `${header}.${payload}`,
    signature: bytes,
  };
}

function malformed(message: JwtMessage): MalformedToken {
  return { kind: 'malformed', message };
}

/** '' for what is no text. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The section's object, or Envoy's message. */
function readSection(section: string, name: 'Jwt header' | 'Jwt payload'): Claims | JwtMessage {
  const bytes = decodeUrl(section);
  if (!bytes) return `${name} is an invalid Base64url encoded`;
  const value = readJson(decodeUtf8(bytes));
  return isJsonObject(value) ? value : `${name} is an invalid JSON`;
}

/** The URL-safe alphabet only. */
export function decodeUrl(section: string): Uint8Array | undefined {
  return /[+/]/.test(section) ? undefined : decodeBase64(section);
}

function headerProblem({ alg, kid }: Claims): JwtMessage | undefined {
  if (typeof alg !== 'string') return 'Jwt header [alg] field is required and must be a string';
  if (!ALGORITHMS.has(alg)) return 'Jwt header [alg] is not supported';
  return kid === undefined || typeof kid === 'string' ? undefined : 'Jwt header [kid] field is not a string';
}

function claimProblem(claims: Claims): JwtMessage | undefined {
  return (
    textProblem(claims, 'iss') ??
    textProblem(claims, 'sub') ??
    timeProblems(claims) ??
    textProblem(claims, 'jti') ??
    audienceProblem(claims)
  );
}

function textProblem(claims: Claims, name: 'iss' | 'sub' | 'jti'): JwtMessage | undefined {
  const value = claims[name];
  return value === undefined || typeof value === 'string' ? undefined : `Jwt payload [${name}] field is not a string`;
}

const TIMES = ['iat', 'nbf', 'exp'] as const;

function timeProblems(claims: Claims): JwtMessage | undefined {
  for (const name of TIMES) {
    const value = claims[name];
    if (value === undefined) continue;
    if (typeof value !== 'number') return `Jwt payload [${name}] field is not an integer`;
    if (value < 0 || value >= 2 ** 64) return `Jwt payload [${name}] field is not a positive 64 bit integer`;
  }
  return undefined;
}

function audienceProblem({ aud }: Claims): JwtMessage | undefined {
  const isFine = aud === undefined || typeof aud === 'string' || (Array.isArray(aud) && aud.every((each) => typeof each === 'string'));
  return isFine ? undefined : 'Jwt payload [aud] field is not a string or string list';
}

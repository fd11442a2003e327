/** What can be read of a token without its key, and what Envoy refuses for its form (google/jwt_verify_lib, src/jwt.cc Jwt::parseFromString, status.cc). */
import { decodeBase64, decodeBase64Text } from '../../../text/encoding';

export type Token =
  | { readonly kind: 'token'; readonly claims: Claims }
  /** The message is Envoy's. */
  | { readonly kind: 'malformed'; readonly message: string };

export type Claims = Readonly<Record<string, unknown>>;

const BAD_FORMAT = 'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections';
const ALGORITHMS: ReadonlySet<string> = new Set([
  ...['ES', 'HS', 'RS', 'PS'].flatMap((family) => ['256', '384', '512'].map((bits) => family + bits)),
  'EdDSA',
]);

export function readToken(text: string): Token {
  const [header, payload, signature, ...rest] = text.split('.');
  if (!header || !payload || !signature || rest.length > 0) return { kind: 'malformed', message: BAD_FORMAT };
  const head = readSection(header, 'Jwt header');
  if (typeof head === 'string') return { kind: 'malformed', message: head };
  const claims = headerProblem(head) ?? readSection(payload, 'Jwt payload');
  if (typeof claims === 'string') return { kind: 'malformed', message: claims };
  const problem = claimProblem(claims) ?? (decodeUrl(signature) ? undefined : 'Jwt signature is an invalid Base64url encoded');
  return problem === undefined ? { kind: 'token', claims } : { kind: 'malformed', message: problem };
}

/** The section's object, or Envoy's message. */
function readSection(section: string, name: string): Claims | string {
  if (!decodeUrl(section)) return `${name} is an invalid Base64url encoded`;
  try {
    const value: unknown = JSON.parse(decodeBase64Text(section) ?? '');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Claims;
  } catch {
    // Said below.
  }
  return `${name} is an invalid JSON`;
}

/** The URL-safe alphabet only. */
function decodeUrl(section: string): boolean {
  return !/[+/]/.test(section) && decodeBase64(section) !== undefined;
}

function headerProblem({ alg, kid }: Claims): string | undefined {
  if (typeof alg !== 'string') return 'Jwt header [alg] field is required and must be a string';
  if (!ALGORITHMS.has(alg)) return 'Jwt header [alg] is not supported';
  return kid === undefined || typeof kid === 'string' ? undefined : 'Jwt header [kid] field is not a string';
}

function claimProblem(claims: Claims): string | undefined {
  return (
    textProblem(claims, 'iss') ??
    textProblem(claims, 'sub') ??
    timeProblems(claims) ??
    textProblem(claims, 'jti') ??
    audienceProblem(claims)
  );
}

function textProblem(claims: Claims, name: string): string | undefined {
  const value = claims[name];
  return value === undefined || typeof value === 'string' ? undefined : `Jwt payload [${name}] field is not a string`;
}

function timeProblems(claims: Claims): string | undefined {
  for (const name of ['iat', 'nbf', 'exp']) {
    const value = claims[name];
    if (value === undefined) continue;
    if (typeof value !== 'number') return `Jwt payload [${name}] field is not an integer`;
    if (value < 0) return `Jwt payload [${name}] field is not a positive 64 bit integer`;
  }
  return undefined;
}

function audienceProblem({ aud }: Claims): string | undefined {
  const isFine = aud === undefined || typeof aud === 'string' || (Array.isArray(aud) && aud.every((each) => typeof each === 'string'));
  return isFine ? undefined : 'Jwt payload [aud] field is not a string or string list';
}

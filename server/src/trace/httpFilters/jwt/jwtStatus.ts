/** What Envoy says of a token, in its own words and with its numbers (google/jwt_verify_lib, jwt_verify_lib/status.h). */

/** In the order of the enumeration: `failed_status_in_metadata` holds the number. */
const MESSAGES = [
  'OK',
  'Jwt is missing',
  'Jwt not yet valid',
  'Jwt is expired',
  'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections',
  'Jwt header is an invalid Base64url encoded',
  'Jwt header is an invalid JSON',
  'Jwt header [alg] field is required and must be a string',
  'Jwt header [alg] is not supported',
  'Jwt header [kid] field is not a string',
  'Jwt payload is an invalid Base64url encoded',
  'Jwt payload is an invalid JSON',
  'Jwt payload [iss] field is not a string',
  'Jwt payload [sub] field is not a string',
  'Jwt payload [iat] field is not an integer',
  'Jwt payload [iat] field is not a positive 64 bit integer',
  'Jwt payload [nbf] field is not an integer',
  'Jwt payload [nbf] field is not a positive 64 bit integer',
  'Jwt payload [exp] field is not an integer',
  'Jwt payload [exp] field is not a positive 64 bit integer',
  'Jwt payload [jti] field is not a string',
  'Jwt payload [aud] field is not a string or string list',
  'Jwt signature is an invalid Base64url encoded',
  'Jwt ED25519 signature is wrong length',
  'Jwt issuer is not configured',
  'Audiences in Jwt are not allowed',
  'Jwt verification fails',
  'Found multiple Jwt tokens',
  'Jwks is an invalid JSON',
  'Jwks does not have [keys] field',
  '[keys] in Jwks is not an array',
  "Jwks doesn't have any valid public key",
  "Jwks doesn't have key to match kid or alg from Jwt",
] as const;

/** Behind seven that no key set of a file has. */
const FETCH_FAILED = 'Jwks remote fetch is failed';
const FETCH_NUMBER = 40;

export type JwtMessage = (typeof MESSAGES)[number] | typeof FETCH_FAILED;

/** The number of jwt_verify_lib's Status, as the failed status in metadata tells it. */
export function statusNumber(message: JwtMessage): number {
  return message === FETCH_FAILED ? FETCH_NUMBER : MESSAGES.indexOf(message);
}

/** Audiences are a matter of permission, all else of authentication (jwt_authn/filter.cc, Filter::onComplete). */
export function codeOf(message: JwtMessage): number {
  return message === 'Audiences in Jwt are not allowed' ? 403 : 401;
}

/** What can be read of a token without its key (google/jwt_verify_lib Jwt::parseFromString). */
import { decodeBase64Text } from '../../../text/encoding';

export type Token =
  | { readonly kind: 'token'; readonly claims: Readonly<Record<string, unknown>> }
  /** Envoy refuses it for its form; the message is Envoy's. */
  | { readonly kind: 'malformed'; readonly message: string };

const BAD_FORMAT = 'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections';

export function readToken(text: string): Token {
  const [header, payload, signature, ...rest] = text.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return { kind: 'malformed', message: BAD_FORMAT };
  const claims = parseObject(decodeBase64Text(payload));
  return { kind: 'token', claims: claims ?? {} };
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

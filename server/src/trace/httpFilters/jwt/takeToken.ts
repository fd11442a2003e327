/** What a good token leaves behind (Envoy: source/extensions/filters/http/jwt_authn/authenticator.cc, handleGoodJwt). */
import type { ConfigNode } from '../../../schema/configNode';
import { encodeBase64, encodeUtf8 } from '../../../text/encoding';
import { appendHeader, markUnknownHeader, removeHeader } from '../../facts/httpRequest';
import { say } from '../../record/sentence';
import { removeQueryParameter } from '../mutateQuery';
import type { PlacedToken } from './extractTokens';
import type { JwtContext } from './jwtContext';
import type { Claims, Token } from './readToken';

/** Payload and claims become headers and metadata, the token itself goes unless it is to be forwarded. */
export function takeToken(placed: PlacedToken, { token, provider }: { token: Token; provider: ConfigNode }, context: JwtContext): void {
  const { request } = context.http;
  const header = provider.string('forward_payload_header');
  const padded = provider.bool('pad_forward_payload_header') === true;
  if (header !== '') appendHeader(request, header, padded ? pad(token.payloadText) : token.payloadText);
  const added = provider.list('claim_to_headers').map((each) => addClaim(each, token.claims, context));
  if (provider.bool('clear_route_cache') === true && (added.includes(true) || provider.string('payload_in_metadata') !== ''))
    context.clearsRoute = true;
  if (provider.bool('forward') !== true) removeToken(placed, context);
  note(context, provider.string('header_in_metadata'), token.header);
  note(context, provider.string('payload_in_metadata'), normalise(token.claims, provider));
}

function removeToken({ header, parameter }: PlacedToken, { http: { request } }: JwtContext): void {
  if (header !== undefined) removeHeader(request, header);
  if (parameter !== undefined) request.path = removeQueryParameter(request.path, parameter);
}

function note({ extracted }: JwtContext, name: string, value: unknown): void {
  if (name !== '') extracted.set(name, value);
}

function pad(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** False: the claim is not there, or has no text. */
function addClaim(rule: ConfigNode, claims: Claims, { http: { request } }: JwtContext): boolean {
  const name = rule.string('header_name');
  const keys = rule.list('claim_path').map((segment) => segment.string('key'));
  const path = keys.length > 0 ? keys : rule.string('claim_name').split('.');
  const value = findClaim(claims, path);
  const text = textOfClaim(value);
  if (text === '') return false;
  appendHeader(request, name, text);
  if (hasOpenOrder(value)) markUnknownHeader(request, name, say`in which order Envoy writes the members of the claim ${path.join('.')}`);
  return true;
}

/** `claim_path`; `claim_name` is a path of names with dots between them (struct_utils.cc GetValue). */
function findClaim(claims: Claims, path: readonly string[]): unknown {
  let value: unknown = claims;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
    value = (value as Claims)[name];
  }
  return value;
}

function textOfClaim(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return String(value);
    case 'number':
      return value >= 0 && value < 2 ** 64 && Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(6);
    default:
      return typeof value === 'object' && value !== null ? encodeBase64(encodeUtf8(JSON.stringify(value))) : '';
  }
}

/** Protobuf writes the members of a Struct in the order of its hash table. */
function hasOpenOrder(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = Object.values(value);
  return (!Array.isArray(value) && members.length > 1) || depth > 100 || members.some((each) => hasOpenOrder(each, depth + 1));
}

/** `normalize_payload_in_metadata`: texts of words become lists of words. */
function normalise(claims: Claims, provider: ConfigNode): Claims {
  const names = provider.get('normalize_payload_in_metadata')?.list('space_delimited_claims') ?? [];
  const changed: Record<string, unknown> = { ...claims };
  for (const name of names.map((each) => each.asString() ?? '')) {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    const parts = typeof value === 'string' ? value.split(' ').filter((part) => part !== '') : [];
    if (parts.length > 0) changed[name] = parts;
  }
  return changed;
}

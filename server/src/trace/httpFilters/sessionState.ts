/** Where a session stands and which host it names (Envoy: source/extensions/http/stateful_session/{cookie,header,envelope}). */
import type { ConfigNode } from '../../schema/configNode';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../text/encoding';
import { numberField, readWireFields, textField } from '../../text/wireFields';
import { headerValues, type HttpRequest } from '../facts/httpRequest';
import { cookieValue } from '../http/routeMatch/cookieMatcher';

export interface SessionState {
  /** An envelope is a header that the upstream makes: the host is written before what it says. */
  readonly kind: 'cookie' | 'header' | 'envelope';
  /** Of the cookie or header. */
  readonly name: string;
  /** Of the cookie. */
  readonly path: string;
  readonly attributes: readonly (readonly [string, string])[];
  /** The cookie has a ttl. */
  readonly isTimed: boolean;
  readonly node: ConfigNode;
}

export type Session =
  /** undefined: the request brings none. `content`: what was in the envelope, which goes on in its place. */
  | { readonly kind: 'session'; readonly address: string | undefined; readonly content?: string }
  /** The cookie's path does not fit the request. */
  | { readonly kind: 'off' }
  | { readonly kind: 'expires' };

const PACKAGE = 'envoy.extensions.http.stateful_session';

/** Reads `session_state`; undefined for an extension that is none of these. */
export function sessionStateOf(extension: ConfigNode): SessionState | undefined {
  const typed = extension.typed();
  if (!typed) return undefined;
  const plain = { path: '', attributes: [], isTimed: false, node: typed.node };
  if (typed.type === `${PACKAGE}.header.v3.HeaderBasedSessionState`)
    return { ...plain, kind: 'header', name: typed.node.string('name').toLowerCase() };
  if (typed.type === `${PACKAGE}.envelope.v3.EnvelopeSessionState`)
    return { ...plain, kind: 'envelope', name: typed.node.get('header')?.string('name').toLowerCase() ?? '' };
  if (typed.type !== `${PACKAGE}.cookie.v3.CookieBasedSessionState`) return undefined;
  const cookie = typed.node.get('cookie');
  return {
    ...plain,
    kind: 'cookie',
    name: cookie?.string('name') ?? '',
    path: cookie?.string('path') ?? '',
    attributes: cookie?.list('attributes').map((each) => [each.string('name'), each.string('value')] as const) ?? [],
    isTimed: (cookie?.duration('ttl') ?? 0) >= 1000,
  };
}

/** The host that the request asks for. */
export function readSession(state: SessionState, request: HttpRequest): Session {
  if (state.kind === 'header') {
    const decoded = decodeStrictly(headerValues(request, state.name)[0] ?? '');
    return { kind: 'session', address: decoded && decodeUtf8(decoded) };
  }
  if (state.kind === 'envelope') return openEnvelope(headerValues(request, state.name)[0] ?? '');
  if (!isBelow(request.path, state.path)) return { kind: 'off' };
  const bytes = decodeStrictly(cookieValue(request, state.name) ?? '');
  if (!bytes) return { kind: 'session', address: undefined };
  const message = readCookieMessage(bytes);
  // The old form of the cookie is the address as it is.
  if (!message) return { kind: 'session', address: decodeUtf8(bytes) };
  if (message.address !== '' && message.expires) return { kind: 'expires' };
  return { kind: 'session', address: message.address === '' ? undefined : message.address };
}

/** `ADDRESS;UV:CONTENT`, both in base64; without content it is none. */
function openEnvelope(text: string): Session {
  const [first = '', ...others] = text.split(';').filter((part) => part !== '');
  const content = decodeStrictly(others.find((part) => part.startsWith('UV:'))?.slice(3) ?? '');
  if (!content) return { kind: 'session', address: undefined };
  const address = decodeStrictly(first);
  return { kind: 'session', address: address && decodeUtf8(address), content: decodeUtf8(content) };
}

/** The header with which the answer names the host. */
export function sessionHeader({ kind, name, path, attributes }: SessionState, address: string): [string, string] {
  if (kind === 'header') return [name, encodeBase64(encodeUtf8(address))];
  const bytes = encodeUtf8(address);
  const value = encodeBase64(new Uint8Array([(ADDRESS_FIELD << 3) | 2, bytes.length, ...bytes]));
  const more = attributes.map(([key, each]) => (each === '' ? `; ${key}` : `; ${key}=${each}`)).join('');
  return ['set-cookie', `${name}="${value}"${path === '' ? '' : `; Path=${path}`}${more}; HttpOnly`];
}

function isBelow(request: string, path: string): boolean {
  if (path === '' || path === '/' || request === path) return true;
  return request.startsWith(path) && (path.endsWith('/') || ['/', '?', '#'].includes(request.charAt(path.length)));
}

/** Envoy::Base64::decode takes the standard alphabet with its padding alone; undefined for nothing, too. */
function decodeStrictly(text: string): Uint8Array | undefined {
  const bytes = text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? decodeBase64(text) : undefined;
  return bytes && bytes.length > 0 ? bytes : undefined;
}

const ADDRESS_FIELD = 1;
const EXPIRES_FIELD = 2;

/** `envoy.Cookie { string address = 1; uint64 expires = 2; }` in protobuf's wire format; undefined for other bytes. */
function readCookieMessage(bytes: Uint8Array): { address: string; expires: boolean } | undefined {
  const fields = readWireFields(bytes);
  return fields && { address: textField(fields, ADDRESS_FIELD), expires: numberField(fields, EXPIRES_FIELD) !== 0 };
}

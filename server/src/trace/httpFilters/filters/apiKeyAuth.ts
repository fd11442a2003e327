/** envoy.filters.http.api_key_auth (Envoy: source/extensions/filters/http/api_key_auth/api_key_auth.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { headerValues, knownHeader, removeHeader, setHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { knownCookie } from '../../http/routeMatch/cookieMatcher';
import { firstQueryValues } from '../../http/routeMatch/queryParameterMatcher';
import { percentDecode } from '../../matcher/inputs/httpInputs';
import { say, words, type Sentence } from '../../record/sentence';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import { removeQueryParameter } from '../mutateQuery';
import { routeConfigOf } from '../perRouteConfig';
import type { LocalReply } from '../../http/localReply/replyParts';

const UNAUTHORIZED = { code: 401, body: 'Client authentication failed.' };
const FORBIDDEN = { code: 403, body: 'Client is forbidden.' };

/** The key of the first source that has one must be known, and its client allowed by the route. */
export function runApiKeyAuth(call: FilterCall): HopResult | undefined {
  const perRoute = routeConfigOf(call.http, call.name)?.node;
  const [sources, credentials] = [firstList('key_sources', perRoute, call.config), firstList('credentials', perRoute, call.config)];
  if (sources.length === 0)
    return refuse(call, { ...UNAUTHORIZED, details: 'missing_key_sources' }, words('nothing says where the key stands'));
  if (credentials.length === 0) return refuse(call, { ...UNAUTHORIZED, details: 'missing_credentials' }, words('there are no keys at all'));
  const key = findKey(call, sources);
  if (key instanceof NotKnown) return leaveOpen(call, key.missing);
  if (key === undefined) return refuse(call, { ...UNAUTHORIZED, details: 'missing_api_key' }, words('the request has no key'));
  const credential = credentials.find((each) => each.string('key') === key);
  if (!credential) {
    if (credentials.some((each) => each.string('key') === KEPT_BACK))
      return leaveOpen(call, words('the keys, which the dump keeps back'), { at: credentials[0] });
    return refuse(call, { ...UNAUTHORIZED, details: 'unknown_api_key' }, words('nobody has this key'));
  }
  const client = credential.string('client');
  const allowed = perRoute?.list('allowed_clients').map((each) => each.asString() ?? '') ?? [];
  if (allowed.length > 0 && !allowed.includes(client))
    return refuse(call, { ...FORBIDDEN, details: 'client_not_allowed' }, say`the client ${client} is none of ${allowed}`);
  // A route's own configuration takes the place of forwarding even where it has none (observed with Envoy 1.40).
  forward(call, { sources, client, forwarding: (perRoute ?? call.config).get('forwarding') });
  return pass(call, { because: say`the key belongs to ${client}`, at: credential });
}

function firstList(field: string, perRoute: ConfigNode | undefined, config: ConfigNode): ConfigNode[] {
  const own = perRoute?.list(field) ?? [];
  return own.length > 0 ? own : config.list(field);
}

/** What the first source gives that has a key, or may have one. */
function findKey(call: FilterCall, sources: readonly ConfigNode[]): string | NotKnown | undefined {
  for (const source of sources) {
    const key = readKey(call, source) ?? '';
    if (key !== '') return key;
  }
  return undefined;
}

function readKey({ http }: FilterCall, source: ConfigNode): string | NotKnown | undefined {
  const header = source.string('header');
  if (header !== '') {
    const values = knownHeader(http.request, header);
    return values instanceof NotKnown ? values : values[0]?.replace(/^Bearer /, '');
  }
  const query = source.string('query');
  if (query !== '') {
    const value = firstQueryValues(http.request.path).get(query);
    return value === undefined ? undefined : percentDecode(value);
  }
  const cookie = source.string('cookie');
  return cookie === '' ? undefined : knownCookie(http.request, cookie);
}

interface Forwarding {
  readonly sources: readonly ConfigNode[];
  readonly client: string;
  readonly forwarding: ConfigNode | undefined;
}

function forward({ http }: FilterCall, { sources, client, forwarding }: Forwarding): void {
  const header = forwarding?.string('header') ?? '';
  if (header !== '') setHeader(http.request, header, client);
  if (forwarding?.bool('hide_credentials') !== true) return;
  for (const source of sources) {
    if (source.string('header') !== '') removeHeader(http.request, source.string('header'));
    const query = source.string('query');
    const cookie = source.string('cookie');
    if (cookie !== '') removeCookie(http.request, cookie);
    if (query !== '' && firstQueryValues(http.request.path).has(query)) http.request.path = removeQueryParameter(http.request.path, query);
  }
}

/** Every cookie of that name; a header that is empty then goes (Envoy: Utility::removeCookieValue). */
function removeCookie(request: HttpRequest, name: string): void {
  const parts = headerValues(request, 'cookie').flatMap((header) => header.split(';').map((part) => part.trim()));
  const kept = parts.filter((part) => part !== '' && part.split('=')[0] !== name);
  if (kept.length === parts.length) return;
  if (kept.length === 0) removeHeader(request, 'cookie');
  else setHeader(request, 'cookie', kept.join('; '));
}

function refuse(call: FilterCall, reply: LocalReply, because: Sentence): HopResult {
  return answer(call, 'denied', reply, { because });
}

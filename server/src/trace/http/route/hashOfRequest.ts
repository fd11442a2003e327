/** `hash_policy`: the number by which RING_HASH and MAGLEV choose a host (Envoy: source/common/http/hash_policy.cc). */
import { formatAddress, joinHostPort } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import { lostField } from '../../../schema/keptBack';
import { knownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { clientAddress } from '../../facts/peerAddress';
import type { Hop } from '../../hop';
import { compileRegex, replaceAll } from '../../matcher/regex';
import { xxHash64 } from '../../matcher/xxHash64';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import { knownCookie } from '../routeMatch/cookieMatcher';
import { firstQueryValues } from '../routeMatch/queryParameterMatcher';

export type RequestHash =
  /** `from`: which parts of the request it is made of. */
  | { readonly kind: 'hash'; readonly value: bigint; readonly from: Sentence }
  /** No policy finds anything: the choice is at random. */
  | { readonly kind: 'none'; readonly because: Sentence }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

type Part = { readonly kind: 'part'; readonly value: bigint; readonly from: Sentence } | 'absent' | { readonly missing: Sentence };

const LOST_POLICY = words('the hash_policy, of which the file leaves out a part');
const MASK = (1n << 64n) - 1n;

/** A cookie that Envoy will make counts for hosts alone: weighted clusters are drawn before it is made (observed with Envoy 1.40). */
export type HashedFor = 'cluster' | 'host';

/** The hashes of all policies of the route's action that find something, up to the first terminal one. */
export function hashOfRequest(hop: Hop, http: HttpStream, action: ConfigNode, hashedFor: HashedFor): RequestHash {
  if (lostField(action, ['hash_policy']) !== undefined) return { kind: 'unknown', missing: LOST_POLICY };
  const policies = action.list('hash_policy');
  let hash: bigint | undefined;
  const from: Sentence[] = [];
  for (const policy of policies) {
    const sent = readPart(hop, http, policy);
    const part = sent === 'absent' && hashedFor === 'host' ? readMadeCookie(hop, policy) : sent;
    if (part !== 'absent') {
      if ('missing' in part) return { kind: 'unknown', missing: part.missing };
      hash = (hash === undefined ? 0n : ((hash << 1n) | (hash >> 63n)) & MASK) ^ part.value;
      from.push(part.from);
    }
    if (hash !== undefined && policy.bool('terminal') === true) break;
  }
  if (hash === undefined) return { kind: 'none', because: say`none of ${policies.length} hash policies finds anything in the request` };
  return { kind: 'hash', value: hash, from: joinSentences(from) };
}

export interface MadeCookie {
  readonly policy: ConfigNode;
  /** Sixteen hexadecimal digits; undefined where the client's port is not known. */
  readonly value: string | undefined;
}

/** Cookies with a `ttl` that the client lacks: Envoy makes them of both addresses (Envoy: Router::Filter::addCookie of source/common/router/router.h). */
export function makeCookies(hop: Hop, http: HttpStream, policies: readonly ConfigNode[]): MadeCookie[] {
  const made: MadeCookie[] = [];
  for (const policy of policies) {
    const isAbsent = readPart(hop, http, policy) === 'absent';
    const isMade = isAbsent && makesCookie(policy);
    if (isMade) made.push({ policy, value: cookieOf(hop) });
    if ((isMade || !isAbsent) && policy.bool('terminal') === true) break;
  }
  return made;
}

function makesCookie(policy: ConfigNode): boolean {
  return policy.get('cookie')?.has('ttl') === true;
}

function readMadeCookie(hop: Hop, policy: ConfigNode): Part {
  if (!makesCookie(policy)) return 'absent';
  const name = policy.path('cookie', 'name')?.asString() ?? '';
  const value = cookieOf(hop);
  if (value === undefined) return { missing: say`the cookie ${name}, which Envoy makes of both addresses: give the source with its port` };
  return { kind: 'part', value: xxHash64(value, 0n), from: say`cookie ${name} (${value}, which Envoy makes)` };
}

function cookieOf({ connection: { source, destination } }: Hop): string | undefined {
  if (source?.port === undefined || destination?.kind !== 'ip') return undefined;
  const text = joinHostPort(source.ip, source.port) + formatAddress(destination);
  return xxHash64(text, 0n).toString(16).padStart(16, '0');
}

function readPart(hop: Hop, http: HttpStream, policy: ConfigNode): Part {
  const header = policy.get('header');
  if (header) return readHeader(http.request, header);
  const cookie = policy.get('cookie');
  if (cookie) return readCookie(http.request, cookie);
  const query = policy.get('query_parameter');
  if (query) return readQuery(http.request, query);
  const properties = policy.get('connection_properties');
  if (properties) return properties.bool('source_ip') === true ? readSource(hop) : 'absent';
  const state = policy.get('filter_state');
  if (state && !http.filterState.has(state.string('key'))) return 'absent';
  return { missing: state ? say`the hash of the filter state ${state.string('key')}` : words('what the hash policy hashes') };
}

/** In whatever order the values came. */
function readHeader(request: HttpRequest, policy: ConfigNode): Part {
  const name = policy.string('header_name').toLowerCase();
  const values = knownHeader(request, name);
  if (values instanceof NotKnown) return values;
  if (values.length === 0) return 'absent';
  const rewrite = policy.get('regex_rewrite');
  const regex = rewrite && compileRegex(rewrite.path('pattern', 'regex')?.asString() ?? '');
  const hashed = regex ? values.map((value) => replaceAll(regex, value, rewrite.string('substitution'))) : [...values];
  hashed.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const value = hashed.reduce((seed, each) => xxHash64(each, seed), 0n);
  return { kind: 'part', value, from: say`header ${name} (${hashed})` };
}

function readCookie(request: HttpRequest, policy: ConfigNode): Part {
  const name = policy.string('name');
  const value = knownCookie(request, name) ?? '';
  if (value instanceof NotKnown) return value;
  return value === '' ? 'absent' : { kind: 'part', value: xxHash64(value, 0n), from: say`cookie ${name} (${value})` };
}

function readQuery(request: HttpRequest, policy: ConfigNode): Part {
  const name = policy.string('name');
  const value = firstQueryValues(request.path).get(name);
  if (value === undefined) return 'absent';
  return { kind: 'part', value: xxHash64(value, 0n), from: say`query parameter ${name} (${value})` };
}

/** An internal connection has no address of an IP. */
function readSource(hop: Hop): Part {
  const source = clientAddress(hop);
  if (source === 'none') return 'absent';
  if (source === 'unknown') return { missing: words("the client's address: give the connection's source") };
  return { kind: 'part', value: xxHash64(source.ip, 0n), from: say`source IP (${source.ip})` };
}

/** Where a provider looks for tokens (Envoy: source/extensions/filters/http/jwt_authn/extractor.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues, type HttpRequest } from '../../facts/httpRequest';
import { cookieValue } from '../../http/routeMatch/cookieMatcher';
import { percentDecode } from '../../matcher/inputs/httpInputs';
import { firstQueryValues } from '../../http/routeMatch/queryParameterMatcher';

export interface PlacedToken {
  readonly text: string;
  /** Envoy keeps its places sorted: headers, parameters, cookies, each by name. */
  readonly place: string;
  /** Of several lines of the header. */
  readonly order: number;
  /** The header or the parameter that is removed when the token is good; of cookies nothing is. */
  readonly header?: string;
  readonly parameter?: string;
}

/** The tokens of the request that belong to a provider, sorted by place. Without any place given: `Authorization: Bearer …` and the query parameter `access_token`. */
export function extractTokens(provider: ConfigNode, request: HttpRequest): PlacedToken[] {
  const [headers, parameters, cookies] = [provider.list('from_headers'), provider.list('from_params'), provider.list('from_cookies')];
  const isDefault = headers.length + parameters.length + cookies.length === 0;
  if (isDefault) return [...fromHeader(request, 'authorization', 'Bearer '), ...fromParameter(request, 'access_token')];
  const all = [
    ...headers.flatMap((each) => fromHeader(request, each.string('name'), each.string('value_prefix'))),
    ...parameters.flatMap((name) => fromParameter(request, name.asString() ?? '')),
    ...cookies.flatMap((name) => fromCookie(request, name.asString() ?? '')),
  ];
  // The same place twice is one place.
  return [...new Map(all.map((token) => [`${token.place}\n${token.order}`, token])).values()].sort(byPlace);
}

/** The headers in which a provider looks. */
export function headersOf(provider: ConfigNode): string[] {
  const named = provider.list('from_headers').map((each) => each.string('name'));
  if (provider.list('from_cookies').length > 0) return [...named, 'cookie'];
  return named.length > 0 || provider.list('from_params').length > 0 ? named : ['authorization'];
}

/** In the order in which Envoy looks for tokens: headers, query parameters, cookies. */
export function byPlace(one: PlacedToken, other: PlacedToken): number {
  return one.place < other.place ? -1 : one.place > other.place ? 1 : one.order - other.order;
}

/** Each line of the header. With a prefix: what follows it anywhere in the value, from the first letter on that a token may have. */
function fromHeader(request: HttpRequest, name: string, prefix: string): PlacedToken[] {
  const place = `0${name.toLowerCase()}${prefix}`;
  return headerValues(request, name).flatMap((value, order) => {
    const at = value.indexOf(prefix);
    if (at < 0) return [];
    const text = prefix === '' ? value : afterPrefix(value, at + prefix.length);
    return { text, place, order, header: name.toLowerCase() };
  });
}

function afterPrefix(value: string, from: number): string {
  const start = value.slice(from).search(/[A-Za-z0-9\-_.]/);
  return start < 0 ? value : value.slice(from + start);
}

function fromParameter(request: HttpRequest, name: string): PlacedToken[] {
  const text = firstQueryValues(request.path).get(name);
  return text === undefined ? [] : [{ text: percentDecode(text), place: `1${name}`, order: 0, parameter: name }];
}

function fromCookie(request: HttpRequest, name: string): PlacedToken[] {
  const text = cookieValue(request, name);
  return text === undefined ? [] : [{ text, place: `2${name}`, order: 0 }];
}

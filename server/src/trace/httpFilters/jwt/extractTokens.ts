/** Where a provider looks for tokens (Envoy: source/extensions/filters/http/jwt_authn/extractor.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues, type HttpRequest } from '../../facts/httpRequest';
import { cookieValue } from '../../http/routeMatch/cookieMatcher';
import { firstQueryValues } from '../../http/routeMatch/queryParameterMatcher';

export interface PlacedToken {
  readonly text: string;
  /** Envoy keeps its places sorted: headers, parameters, cookies, each by name. */
  readonly place: string;
}

/** The tokens of the request that belong to a provider, sorted by place. Without any place given: `Authorization: Bearer …` and the query parameter `access_token`. */
export function extractTokens(provider: ConfigNode, request: HttpRequest): PlacedToken[] {
  const [headers, parameters, cookies] = [provider.list('from_headers'), provider.list('from_params'), provider.list('from_cookies')];
  const isDefault = headers.length + parameters.length + cookies.length === 0;
  const header = (name: string, prefix: string): PlacedToken[] =>
    placed(`0${name.toLowerCase()}${prefix}`, fromHeader(request, name, prefix));
  const parameter = (name: string): PlacedToken[] => placed(`1${name}`, fromParameter(request, name));
  if (isDefault) return [...header('authorization', 'Bearer '), ...parameter('access_token')];
  return [
    ...headers.flatMap((each) => header(each.string('name'), each.string('value_prefix'))),
    ...parameters.flatMap((name) => parameter(name.asString() ?? '')),
    ...cookies.flatMap((name) => placed(`2${name.asString() ?? ''}`, cookieValue(request, name.asString() ?? '') ?? [])),
  ].sort(byPlace);
}

export function byPlace(one: PlacedToken, other: PlacedToken): number {
  return one.place < other.place ? -1 : one.place > other.place ? 1 : 0;
}

function placed(place: string, texts: string | readonly string[]): PlacedToken[] {
  return (typeof texts === 'string' ? [texts] : texts).map((text) => ({ text, place }));
}

/** With a prefix: what follows it anywhere in the value, as long as it looks like a token. */
function fromHeader(request: HttpRequest, name: string, prefix: string): string[] {
  const values = headerValues(request, name);
  if (values.length === 0) return [];
  const value = values.join(',');
  if (prefix === '') return [value];
  const at = value.indexOf(prefix);
  if (at < 0) return [];
  return [/[A-Za-z0-9\-_.]+/.exec(value.slice(at + prefix.length))?.[0] ?? value];
}

function fromParameter(request: HttpRequest, name: string): string[] {
  const value = firstQueryValues(request.path).get(name);
  return value === undefined ? [] : [value];
}

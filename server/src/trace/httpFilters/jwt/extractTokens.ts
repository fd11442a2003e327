/** Where a provider looks for tokens (Envoy: source/extensions/filters/http/jwt_authn/extractor.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues, type HttpRequest } from '../../facts/httpRequest';
import { cookieValue } from '../../http/routeMatch/cookieMatcher';
import { firstQueryValues } from '../../http/routeMatch/queryParameterMatcher';

/** The tokens of the request that belong to a provider. Without any place given: `Authorization: Bearer …` and the query parameter `access_token`. */
export function extractTokens(provider: ConfigNode, request: HttpRequest): string[] {
  const [headers, parameters, cookies] = [provider.list('from_headers'), provider.list('from_params'), provider.list('from_cookies')];
  if (headers.length + parameters.length + cookies.length === 0)
    return [...fromHeader(request, 'authorization', 'Bearer '), ...fromParameter(request, 'access_token')];
  return [
    ...headers.flatMap((header) => fromHeader(request, header.string('name'), header.string('value_prefix'))),
    ...parameters.flatMap((name) => fromParameter(request, name.asString() ?? '')),
    ...cookies.flatMap((name) => cookieValue(request, name.asString() ?? '') ?? []),
  ];
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

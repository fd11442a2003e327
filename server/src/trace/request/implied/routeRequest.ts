/** A request that a route takes: one value for each of its conditions. */
import type { RequestHttp } from '../../../protocol/trace';
import { readHeaderComparison } from '../../../model/summary/textComparison';
import type { ConfigNode } from '../../../schema/configNode';
import { setHeader } from '../../facts/httpRequest';
import { ANY_IP, ANY_PEER, httpOf, type RequestDraft } from './requestDraft';
import { sampleOf, sampleOfMatcher, sampleOfRegex } from './sampleText';

/** The authority that a virtual host's first domain takes. */
export function addVirtualHost(draft: RequestDraft, virtualHost: ConfigNode): void {
  const domain = virtualHost.list('domains')[0]?.asString() ?? '';
  const http = httpOf(draft);
  if (domain !== '' && domain !== '*') http.authority = domain.replace(/^\*/, 'a').replace(/\*$/, '80');
  else if (draft.sni !== undefined) http.authority = draft.sni;
}

/** `RouteMatch`: path, headers, query parameters, method. */
export function addRoute(draft: RequestDraft, route: ConfigNode): void {
  const match = route.get('match');
  if (!match) return;
  const http = httpOf(draft);
  addPath(http, match);
  for (const header of match.list('headers')) addHeader(http, header);
  for (const parameter of match.list('query_parameters')) addParameter(http, parameter);
  for (const cookie of match.list('cookies')) appendCookie(http, cookie);
  if (match.has('grpc')) {
    http.version = 'http2';
    http.method = 'POST';
    setHeader(http, 'content-type', 'application/grpc');
  }
  if (match.get('tls_context')?.bool('presented') === true) draft.principals ??= [ANY_PEER];
}

function addPath(http: RequestHttp, match: ConfigNode): void {
  if (match.has('connect_matcher')) {
    http.method = 'CONNECT';
    http.path = '';
    if (http.version === 'http1') http.version = 'http2';
    if (!/:\d+$/.test(http.authority)) http.authority = `${http.authority || ANY_IP}:443`;
    return;
  }
  const template = match.get('path_match_policy')?.typed()?.node.string('path_template');
  const regex = match.path('safe_regex', 'regex')?.asString() ?? match.get('regex')?.asString();
  const path = match.get('path')?.asString() ?? match.get('prefix')?.asString() ?? match.get('path_separated_prefix')?.asString();
  if (path !== undefined) http.path = path.startsWith('/') ? path : `/${path}`;
  else if (template) http.path = template.replace(/\{[^}]*\}|\*+/g, 'x');
  else if (regex !== undefined) http.path = pathOf(regex);
}

/** Paths begin with a slash; an expression that takes none of those keeps the root. */
function pathOf(regex: string): string {
  const sample = sampleOfRegex(regex) ?? '/';
  return sample.startsWith('/') ? sample : '/';
}

/** Inverted conditions are met by leaving the header away. */
function addHeader(http: RequestHttp, header: ConfigNode): void {
  const value = sampleOfHeader(header);
  if (value === undefined || header.bool('invert_match') === true) return;
  // A condition that takes anything says nothing of the method, and none of them may be empty.
  if (value !== '' || !header.string('name').startsWith(':')) setHeader(http, header.string('name'), value);
}

function sampleOfHeader(header: ConfigNode): string | undefined {
  const comparison = readHeaderComparison(header);
  if (comparison) return sampleOf(comparison);
  const start = header.path('range_match', 'start')?.asString();
  if (header.has('range_match')) return start ?? '0';
  return header.bool('present_match') === false ? undefined : '1';
}

function addParameter(http: RequestHttp, parameter: ConfigNode): void {
  const value = sampleOfMatcher(parameter.get('string_match')) ?? (parameter.bool('present_match') === false ? undefined : '1');
  if (value === undefined) return;
  http.path += `${http.path.includes('?') ? '&' : '?'}${parameter.string('name')}=${value}`;
}

function appendCookie(http: RequestHttp, cookie: ConfigNode): void {
  const value = sampleOfMatcher(cookie.get('string_match'));
  if (value === undefined || cookie.bool('invert_match') === true) return;
  const known = http.headers.find(([name]) => name === 'cookie')?.[1];
  setHeader(http, 'cookie', `${known === undefined ? '' : `${known}; `}${cookie.string('name')}=${value}`);
}

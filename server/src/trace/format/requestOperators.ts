/** Operators that read the request (Envoy: source/common/formatter/http_specific_formatter.cc). */
import { headerValues, knownHeader } from '../facts/httpRequest';
import { NotKnown } from '../facts/notKnown';
import { HTTP_PROTOCOLS } from '../matcher/cel/celAttributes';
import { percentDecode } from '../matcher/inputs/httpInputs';
import { pathWithoutQuery } from '../matcher/pathMatcher';
import { NOTHING, textOrNothing, value, type Operators, type OperatorValue } from './operatorValue';
import type { FormatContext } from './formatContext';

export const requestOperators: Operators = {
  REQ: readRequestHeader,
  REQUEST_HEADER: readRequestHeader,
  STREAM_INFO_REQ: readRequestHeader,
  REQ_WITHOUT_QUERY: (parameters, context) => {
    const found = readRequestHeader(parameters, context);
    return found.kind === 'value' ? value(pathWithoutQuery(found.value)) : found;
  },
  PATH: readPath,
  QUERY_PARAM: readQuery,
  QUERY_PARAMS: (parameters, { http }) => {
    const query = queryOf(http?.request.path);
    return textOrNothing(parameters === 'DECODED' ? decodeVisible(query ?? '') : query);
  },
  PROTOCOL: (_, { http }) => (http ? value(HTTP_PROTOCOLS[http.request.version]) : NOTHING),
  REQUESTED_SERVER_NAME: readServerName,
};

/** `REQ(MAIN?OTHER)`: the first value of the main header, else of the other. */
function readRequestHeader(parameters: string, { http }: FormatContext): OperatorValue {
  if (!http) return NOTHING;
  const [main = '', other = ''] = parameters.split('?');
  for (const name of other === '' ? [main] : [main, other]) {
    const values = knownHeader(http.request, name);
    if (values instanceof NotKnown) return { kind: 'unknown', missing: values.missing };
    if (values[0] !== undefined) return value(values[0]);
  }
  return NOTHING;
}

/** `PATH(WQ|NQ:ORIG|PATH|ORIG_OR_PATH)`: without more said, the path before it was rewritten, with its query. */
function readPath(parameters: string, { http }: FormatContext): OperatorValue {
  if (!http) return NOTHING;
  const [query = '', source = ''] = parameters.split(':');
  const original = headerValues(http.request, 'x-envoy-original-path')[0];
  const own = http.request.path === '' ? undefined : http.request.path;
  const path = source === 'ORIG' ? original : source === 'PATH' ? own : (original ?? own);
  return path === undefined ? NOTHING : value(query === 'NQ' ? pathWithoutQuery(path) : path);
}

function queryOf(path: string | undefined): string | undefined {
  return /^[^?#]*\?([^#]*)/.exec(path ?? '')?.[1];
}

/** The first value of the key, both URL-decoded (QueryParamsMulti::parseAndDecodeQueryString). */
function readQuery(parameters: string, { http }: FormatContext): OperatorValue {
  for (const part of (queryOf(http?.request.path) ?? '').split('&')) {
    const equals = part.indexOf('=');
    const key = percentDecode(equals < 0 ? part : part.slice(0, equals));
    if (key === parameters) return value(equals < 0 ? '' : percentDecode(part.slice(equals + 1)));
  }
  return NOTHING;
}

/** Utility::PercentEncoding::urlDecodeQueryParameter: blanks, quotes, control characters and all beyond ASCII stay escaped. */
function decodeVisible(text: string): string {
  return text.replace(/%([2-7][0-9a-fA-F])/g, (escape, code: string) => {
    const byte = parseInt(code, 16);
    return byte > 0x20 && byte !== 0x22 && byte < 0x7f ? String.fromCharCode(byte) : escape;
  });
}

/** `REQUESTED_SERVER_NAME(SNI_ONLY|SNI_FIRST|HOST_FIRST:ORIG|HOST|ORIG_OR_HOST)`: the SNI, the host, or the first of both that is there. */
function readServerName(parameters: string, { connection, http }: FormatContext): OperatorValue {
  const [order = '', source = ''] = parameters.split(':');
  const sni = connection.serverName;
  if (!http || order === '' || order === 'SNI_ONLY') return textOrNothing(sni);
  const original = headerValues(http.request, 'x-envoy-original-host')[0];
  const host = source === 'ORIG' ? original : source === 'HOST' ? http.request.authority : (original ?? http.request.authority);
  return textOrNothing(order === 'HOST_FIRST' ? host || sni : sni || host);
}

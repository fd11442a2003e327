/** The request as the text of a form, and back: what the form does not show stays as it was. No DOM here. */
import { requestFromUrl, type UrlRequest } from '../../server/src/protocol/requestFromUrl';
import type { InnerRequest, RequestConnection, RequestHttp, TraceRequest } from '../../server/src/protocol/trace';

/** The form's text, field by field. The inner fields count when the method is CONNECT: what is said inside the tunnel. */
export interface RequestFields {
  url: string;
  method: string;
  version: string;
  headers: string;
  destination: string;
  source: string;
  transport: string;
  sni: string;
  alpn: string;
  principals: string;
  capture: string;
  random: string;
  /** `yes`: begin at the place that one traced from, and assume what comes before. */
  here: string;
  innerUrl: string;
  innerMethod: string;
  innerHeaders: string;
}

export type FieldProblem = 'urlProblem' | 'headersProblem';

/** A request as the form shows it. */
export function fieldsOfRequest({ start, connection, http, random, inner }: TraceRequest): RequestFields {
  return {
    url: urlOf(http),
    method: http?.method ?? 'GET',
    version: http?.version ?? 'http1',
    headers: headersText(http),
    destination: connection.destination ?? '',
    source: connection.source ?? '',
    transport: connection.transport ?? '',
    sni: connection.sni ?? '',
    alpn: connection.alpn?.join(',') ?? '',
    principals: connection.peerPrincipals?.join('\n') ?? '',
    capture: connection.capture ?? '',
    random: random === undefined ? '' : String(random),
    here: start?.at ? 'yes' : '',
    innerUrl: urlOf(inner?.http),
    innerMethod: inner?.http?.method ?? 'GET',
    innerHeaders: headersText(inner?.http),
  };
}

/** The request that the form says, or the phrase that says what is wrong with it. */
export function requestOfFields(fields: RequestFields, before: TraceRequest): TraceRequest | FieldProblem {
  const asked = readHttp(fields, before.http);
  if (typeof asked === 'string') return asked;
  const connection = connectionOfFields(fields, before.connection);
  // Who changes http to https means what curl does by it, unless he says otherwise.
  const becomesTls = asked?.http.scheme === 'https' && before.http?.scheme !== 'https' && !connection.transport;
  const inner = asked?.http.method === 'CONNECT' ? readInner(fields, before.inner) : undefined;
  if (typeof inner === 'string') return inner;
  const { runtime } = before;
  const start = startOfFields(fields, before);
  return {
    ...(start && { start }),
    connection: becomesTls ? { ...asked.connection, ...connection } : connection,
    ...(asked && { http: { ...asked.http, version: fields.version as RequestHttp['version'] } }),
    ...(inner && { inner }),
    ...(/^\d+$/.test(fields.random.trim()) && { random: Number(fields.random) }),
    ...(runtime && { runtime }),
  };
}

/** Who does not begin at the place any more begins at the listeners of its proxy. */
function startOfFields({ here }: RequestFields, { start }: TraceRequest): TraceRequest['start'] {
  if (!start?.at || here) return start;
  const { at, ...kept } = start;
  return { proxy: at.uri, ...kept };
}

/** undefined: no URL is given, so that plain bytes are sent. */
function readHttp(
  fields: Pick<RequestFields, 'url' | 'method' | 'headers'>,
  before: RequestHttp | undefined,
): UrlRequest | undefined | FieldProblem {
  if (fields.url.trim() === '') return undefined;
  const headers = readHeaders(fields.headers);
  if (!headers) return 'headersProblem';
  const asked = requestFromUrl(fields.url, fields.method.trim().toUpperCase() || 'GET');
  if (!asked) return 'urlProblem';
  return { ...asked, http: { ...asked.http, headers, path: pathOf(asked.http, before) } };
}

function readInner(fields: RequestFields, before: InnerRequest | undefined): InnerRequest | undefined | FieldProblem {
  const asked = readHttp({ url: fields.innerUrl, method: fields.innerMethod, headers: fields.innerHeaders }, before?.http);
  if (typeof asked === 'string') return asked;
  const { http: previous, ...kept } = before ?? {};
  if (!asked) return before && kept;
  return { ...kept, http: { ...asked.http, version: previous?.version ?? 'http1' } };
}

/** A CONNECT names no path; one that the request had already is kept. */
function pathOf(http: RequestHttp, before: RequestHttp | undefined): string {
  if (http.method !== 'CONNECT' || http.path !== '/') return http.path;
  return before?.method === 'CONNECT' ? before.path : '';
}

function connectionOfFields(fields: RequestFields, before: RequestConnection): RequestConnection {
  const { metadata, filterState, directSource } = before;
  const texts = {
    destination: fields.destination.trim(),
    source: fields.source.trim(),
    transport: fields.transport,
    sni: fields.sni.trim(),
    capture: fields.capture,
  };
  const given = Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
  const alpn = parts(fields.alpn, ',');
  const peerPrincipals = parts(fields.principals, '\n');
  return {
    ...(directSource !== undefined && { directSource }),
    ...(metadata && { metadata }),
    ...(filterState && { filterState }),
    ...(given as RequestConnection),
    ...(alpn.length > 0 && { alpn }),
    ...(peerPrincipals.length > 0 && { peerPrincipals }),
  };
}

function readHeaders(text: string): [string, string][] | undefined {
  const headers: [string, string][] = [];
  for (const line of parts(text, '\n')) {
    // A pseudo header such as :path begins with a colon.
    const colon = line.indexOf(':', 1);
    if (colon < 0) return undefined;
    headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return headers;
}

function parts(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean);
}

function urlOf(http: RequestHttp | undefined): string {
  return http ? `${http.scheme}://${http.authority}${http.path}` : '';
}

function headersText(http: RequestHttp | undefined): string {
  return (http?.headers ?? []).map(([name, value]) => `${name}: ${value}`).join('\n');
}

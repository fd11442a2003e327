/** An HTTP request on its way: what route matching reads and filters change. */
import type { RequestHttp } from '../../protocol/trace';
import { isJoinedHeader } from './joinedHeaders';
import { KEPT_BACK } from '../../schema/keptBack';
import { words, type Sentence } from '../record/sentence';
import { NotKnown } from './notKnown';

export interface HttpRequest {
  version: 'http1' | 'http2' | 'http3';
  method: string;
  scheme: string;
  authority: string;
  /** With query and fragment, as sent. */
  path: string;
  /** Names in lower case, without pseudo headers, in order; a name may repeat. */
  headers: [name: string, value: string][];
  /** Headers whose value only the running Envoy knows. One that is not in `headers` is not shown. */
  unknownHeaders?: ReadonlyMap<string, UnknownHeader>;
  /** A body follows that a header announced which is gone by now. */
  hasUnannouncedBody?: boolean;
}

interface UnknownHeader {
  readonly missing: Sentence;
  /** Nobody knows whether it is there at all. */
  readonly mayBeAbsent: boolean;
}

/** A request in the contract's words; names of headers become lower case, as in HTTP/2. */
export function httpRequestOf(http: RequestHttp): HttpRequest {
  return { ...http, headers: http.headers.map(([name, value]) => [name.toLowerCase(), value]) };
}

/** A request that may be changed while the other stays as it is. */
export function copyHttpRequest(request: HttpRequest): HttpRequest {
  return { ...request, headers: request.headers.map(([name, value]) => [name, value]) };
}

/** All values of a header as they are shown, pseudo headers (`:authority`, `host`, `:path`, `:method`, `:scheme`) included; [] when absent. What decides asks `knownHeader`. */
export function headerValues(request: HttpRequest, name: string): readonly string[] {
  const lower = name.toLowerCase();
  switch (lower) {
    case ':authority':
    case 'host':
      return [request.authority];
    case ':path':
      return request.path === '' ? NONE : [request.path];
    case ':method':
      return [request.method];
    case ':scheme':
      return [request.scheme];
  }
  let found = NONE;
  for (const [key, value] of request.headers) if (key === lower) found = found === NONE ? [value] : [...found, value];
  return found;
}

/** Most of the headers that Envoy asks for are absent: to ask costs no memory then. */
const NONE: readonly string[] = [];

function isAmong(headers: HttpRequest['headers'], lower: string): boolean {
  for (const line of headers) if (line[0] === lower) return true;
  return false;
}

/** Stands among `unknownHeaders` for all of them: a file has lost which headers are changed. Pseudo headers and the host are none of them. */
export const ANY_HEADER = '*';

/** What is missing to know the header's value; undefined where it is known, or certainly absent. */
export function unknownHeader(request: HttpRequest, name: string): Sentence | undefined {
  if (name === KEPT_BACK) return words('a header whose name the file keeps back');
  return findUnknown(request, name)?.missing;
}

function findUnknown({ unknownHeaders }: HttpRequest, name: string): UnknownHeader | undefined {
  if (!unknownHeaders) return undefined;
  const lower = name.toLowerCase();
  return unknownHeaders.get(lower) ?? (lower.startsWith(':') || lower === 'host' ? undefined : unknownHeaders.get(ANY_HEADER));
}

/** What is missing to know the values of all these headers; undefined where they are known, or certainly absent. */
export function firstUnknownHeader(request: HttpRequest, names: readonly string[]): Sentence | undefined {
  if (!request.unknownHeaders) return undefined;
  for (const name of names) {
    const missing = unknownHeader(request, name);
    if (missing) return missing;
  }
  return undefined;
}

/** Whether a header is there, whatever its value is; or what is missing to know that. */
export function hasHeader(request: HttpRequest, name: string): boolean | NotKnown {
  const unknown = findUnknown(request, name);
  if (unknown) return unknown.mayBeAbsent ? new NotKnown(unknown.missing) : true;
  return headerValues(request, name).length > 0;
}

/** All values of a header, by which something is decided; or what is missing to know them. */
export function knownHeader(request: HttpRequest, name: string): readonly string[] | NotKnown {
  const missing = unknownHeader(request, name);
  return missing ? new NotKnown(missing) : headerValues(request, name);
}

/** Marks a header as one whose value is not known, whatever is shown for it. */
export function markUnknownHeader(request: HttpRequest, name: string, missing: Sentence): void {
  addUnknown(request, name, { missing, mayBeAbsent: name === ANY_HEADER });
}

/** Marks a header as one of which nobody knows whether it is there. */
export function markDoubtfulHeader(request: HttpRequest, name: string, missing: Sentence): void {
  addUnknown(request, name, { missing, mayBeAbsent: true });
}

function addUnknown(request: HttpRequest, name: string, unknown: UnknownHeader): void {
  request.unknownHeaders = new Map(request.unknownHeaders).set(name.toLowerCase(), unknown);
}

/** The header has a new value. */
export function forgetUnknownHeader(request: HttpRequest, name: string): void {
  if (!request.unknownHeaders?.has(name)) return;
  request.unknownHeaders = new Map([...request.unknownHeaders].filter(([each]) => each !== name));
}

/** Replaces all values of a header (pseudo headers included) by one. */
export function setHeader(request: HttpRequest, name: string, value: string): void {
  const lower = name.toLowerCase();
  if (lower === ':authority' || lower === 'host') request.authority = value;
  else if (lower === ':path') request.path = value;
  else if (lower === ':method') request.method = value;
  else if (lower === ':scheme') request.scheme = value;
  else {
    const first = request.headers.findIndex(([key]) => key === lower);
    removeHeader(request, lower);
    request.headers.splice(first < 0 ? request.headers.length : first, 0, [lower, value]);
  }
}

/** Adds a line, or to the one line that there may be (Envoy: HeaderMapImpl::insertByKey). */
export function appendHeader(request: HttpRequest, name: string, value: string): void {
  const lower = name.toLowerCase();
  const line = isJoinedHeader(lower) ? request.headers.find(([key]) => key === lower) : undefined;
  if (!line) request.headers.push([lower, value]);
  else if (value !== '') line[1] = line[1] === '' ? value : `${line[1]},${value}`;
}

/** Removes every value of a header, known or not. */
export function removeHeader(request: HttpRequest, name: string): void {
  const lower = name.toLowerCase();
  forgetUnknownHeader(request, lower);
  if (!isAmong(request.headers, lower)) return;
  if (announcesBody(request, lower)) request.hasUnannouncedBody = true;
  request.headers = request.headers.filter(([key]) => key !== lower);
}

/** Removes all headers whose names fit; a pseudo header that goes is empty. */
export function removeMatchingHeaders(request: HttpRequest, matches: (name: string) => boolean): void {
  const names = new Set([...request.headers.map(([name]) => name), ...(request.unknownHeaders?.keys() ?? [])]);
  names.delete(ANY_HEADER);
  for (const name of names) if (!name.startsWith(':') && matches(name)) removeHeader(request, name);
  for (const field of ['method', 'scheme', 'authority', 'path'] as const) if (matches(`:${field}`)) request[field] = '';
}

/** Whoever takes such a header away leaves the body where it is. */
function announcesBody({ version, headers }: HttpRequest, name: string): boolean {
  if (name !== 'content-length' && !(name === 'transfer-encoding' && version === 'http1')) return false;
  return headers.some(([key, value]) => key === name && value !== '0');
}

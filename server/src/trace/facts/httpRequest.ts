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
  /** Headers whose value only the running Envoy knows, with what is missing. One that is not in `headers` is not shown. */
  unknownHeaders?: ReadonlyMap<string, Sentence>;
  /** A body follows that a header announced which is gone by now. */
  hasUnannouncedBody?: boolean;
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
export function headerValues(request: HttpRequest, name: string): string[] {
  const lower = name.toLowerCase();
  switch (lower) {
    case ':authority':
    case 'host':
      return [request.authority];
    case ':path':
      return request.path === '' ? [] : [request.path];
    case ':method':
      return [request.method];
    case ':scheme':
      return [request.scheme];
  }
  const found: string[] = [];
  for (const [key, value] of request.headers) if (key === lower) found.push(value);
  return found;
}

/** Stands among `unknownHeaders` for all of them: a file has lost which headers are changed. Pseudo headers and the host are none of them. */
export const ANY_HEADER = '*';

/** What is missing to know the header's value; undefined where it is known, or certainly absent. */
export function unknownHeader(request: HttpRequest, name: string): Sentence | undefined {
  if (name === KEPT_BACK) return words('a header whose name the file keeps back');
  const lower = name.toLowerCase();
  return (
    request.unknownHeaders?.get(lower) ?? (lower.startsWith(':') || lower === 'host' ? undefined : request.unknownHeaders?.get(ANY_HEADER))
  );
}

/** All values of a header, by which something is decided; or what is missing to know them. */
export function knownHeader(request: HttpRequest, name: string): string[] | NotKnown {
  const missing = unknownHeader(request, name);
  return missing ? new NotKnown(missing) : headerValues(request, name);
}

/** Marks a header as one whose value is not known, whatever is shown for it. */
export function markUnknownHeader(request: HttpRequest, name: string, missing: Sentence): void {
  request.unknownHeaders = new Map(request.unknownHeaders).set(name.toLowerCase(), missing);
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
  if (announcesBody(request, lower)) request.hasUnannouncedBody = true;
  request.headers = request.headers.filter(([key]) => key !== lower);
}

/** Whoever takes such a header away leaves the body where it is. */
function announcesBody({ version, headers }: HttpRequest, name: string): boolean {
  if (name !== 'content-length' && !(name === 'transfer-encoding' && version === 'http1')) return false;
  return headers.some(([key, value]) => key === name && value !== '0');
}

/** The codec's own rules for header lines: names with underscores, too many of them, lines of one name (Envoy: http1/codec_impl.cc completeCurrentHeader, http2/codec_impl.cc saveHeader). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues, removeHeader, setHeader, type HttpRequest } from '../../facts/httpRequest';
import { isJoinedHeader } from '../../facts/joinedHeaders';
import { say, words, type Sentence } from '../../record/sentence';
import { checkHttp1Body, checkHttp1Characters, checkHttp1Lines } from './checkHttp1Lines';
import { isUpgrade } from '../isUpgrade';
import { dropUpgrade } from './dropUpgrade';
import { findFirst } from '../../../text/findFirst';
import type { HeaderRefusal } from './headerRefusal';

const DEFAULT_MAX_HEADERS = 100;
const DEFAULT_MAX_KILOBYTES = 60;

/**
 * Takes the lines one by one, as they come; changes the request's headers. Undefined: all is fine.
 * The details of an HTTP/2 stream are its first trouble: a dropped header, though what resets it is another.
 */
export function readHeaders(request: HttpRequest, manager: ConfigNode): HeaderRefusal | undefined {
  const isHttp1 = request.version === 'http1';
  if (!isHttp1) return readHttp2Lines(request, manager);
  const refusal = checkSize(request, manager) ?? checkHttp1Lines(request, manager) ?? readLines(request, manager);
  if (refusal) return refusal;
  dropUpgrade(request, manager);
  return checkHttp1Body(request, manager) ?? sanitizeConnection(request, manager);
}

/** HTTP/1 judges the size of the whole head first, HTTP/2 line by line as they come (observed with Envoy 1.40). */
function readHttp2Lines(request: HttpRequest, manager: ConfigNode): HeaderRefusal | undefined {
  const tooLarge = checkSize(request, manager);
  if (!tooLarge) return readLines(request, manager);
  const fits = (count: number): boolean => checkSize({ ...request, headers: request.headers.slice(0, count) }, manager) === undefined;
  const before = findFirst(request.headers.length, (index) => !fits(index + 1));
  return readLines({ ...request, headers: request.headers.slice(0, before) }, manager) ?? tooLarge;
}

/** HTTP/1 is parsed in pieces of this many bytes (Envoy: source/common/buffer, Slice::default_slice_size_). */
const PIECE = 16 * 1024;

/** HTTP/1 alone: the head is refused before its request line is read. One that is too large is so only where its first piece is (observed with Envoy 1.40). */
export function isRefusedBeforeLine(request: HttpRequest, manager: ConfigNode): boolean {
  if (checkSize(request, manager)) return maxKilobytes(manager) * 1024 < PIECE;
  return checkHttp1Characters(request, manager) !== undefined;
}

function maxKilobytes(manager: ConfigNode): number {
  return manager.number('max_request_headers_kb') ?? DEFAULT_MAX_KILOBYTES;
}

function checkSize(request: HttpRequest, manager: ConfigNode): HeaderRefusal | undefined {
  const limit = maxKilobytes(manager);
  if (sizeOf(request) <= limit * 1024) return undefined;
  return {
    kind: 'too_large',
    because: say`its headers are larger than ${limit} KiB (max_request_headers_kb)`,
    at: manager.get('max_request_headers_kb') ?? manager,
  };
}

function readLines(request: HttpRequest, manager: ConfigNode): HeaderRefusal | undefined {
  const options = manager.get('common_http_protocol_options');
  const action = options?.enumValue('headers_with_underscores_action', ['ALLOW', 'REJECT_REQUEST', 'DROP_HEADER']);
  const most = options?.number('max_headers_count') ?? DEFAULT_MAX_HEADERS;
  const at = options ?? manager;
  if (request.headers.length + MOST_PSEUDO_HEADERS <= most && isPlain(request.headers)) return undefined;
  const kept = new HeaderLines(ownLines(request));
  const tooMany = (kind: HeaderRefusal['kind']): HeaderRefusal => ({
    kind,
    because: say`it has more than ${most} headers (max_headers_count)`,
    at,
  });
  if (kept.count > most) return tooMany('too_many');
  let dropsOne = false;
  for (const [name, value] of request.headers) {
    const isSuspect = name.includes('_');
    if (isSuspect && action === 'REJECT_REQUEST')
      return {
        kind: 'underscore',
        because: say`the name of header ${name} has an underscore, which headers_with_underscores_action refuses`,
        at,
      };
    if (isSuspect && action === 'DROP_HEADER') {
      dropsOne = true;
      continue;
    }
    kept.add(name, value, request.version);
    if (kept.count > most) return tooMany(dropsOne && request.version !== 'http1' ? 'underscore' : 'too_many');
  }
  request.headers = kept.finish();
  return undefined;
}

/** HTTP/1: the bytes of the head as one would write it; HTTP/2: names and values (http2/codec_impl.cc, max_header_list_bytes). */
function sizeOf({ version, method, scheme, authority, path, headers }: HttpRequest): number {
  const isHttp1 = version === 'http1';
  const own = isHttp1
    ? method.length + path.length + ' HTTP/1.1\r\n'.length + 1 + 'host: \r\n'.length + authority.length + 2
    : ':method:path:scheme:authority'.length + method.length + path.length + scheme.length + authority.length;
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length + (isHttp1 ? 4 : 0), own);
}

const MOST_PSEUDO_HEADERS = 4;

/** Lines beside `headers`: HTTP/1 has `host`; HTTP/2 pseudo headers, of which a CONNECT has no scheme and no path. */
function ownLines({ version, method, authority, headers }: HttpRequest): number {
  const host = authority === '' ? 0 : 1;
  if (version === 'http1') return host;
  return host + (method === 'CONNECT' && !headers.some(([name]) => name === ':protocol') ? 1 : MOST_PSEUDO_HEADERS - 1);
}

const FEW = 16;

/** The usual request: a few lines, each of its own name, none with an underscore. */
function isPlain(headers: HttpRequest['headers']): boolean {
  if (headers.length > FEW) return false;
  return headers.every(([name], index) => !name.includes('_') && headers.findIndex(([other]) => other === name) === index);
}

class HeaderLines {
  readonly lines: [string, string][] = [];
  private readonly joined = new Map<string, [string, string]>();

  /** HTTP/2 puts the crumbs of cookies together at the end (Utility::reconstituteCrumbledCookies). */
  private readonly crumbs: string[] = [];

  constructor(public count: number) {}

  finish(): [string, string][] {
    return this.crumbs.length === 0 ? this.lines : [...this.lines, ['cookie', this.crumbs.join('; ')]];
  }

  add(name: string, value: string, version: HttpRequest['version']): void {
    if (name === 'cookie' && version !== 'http1') {
      this.crumbs.push(value);
      this.count++;
      return;
    }
    const known = this.joined.get(name);
    if (known) {
      if (value !== '') known[1] = known[1] === '' ? value : `${known[1]},${value}`;
      return;
    }
    const line: [string, string] = [name, value];
    this.lines.push(line);
    if (isJoinedHeader(name)) this.joined.set(name, line);
    this.count++;
  }
}

const MAX_NOMINATED = 10;
const KEPT_TOKENS: ReadonlySet<string> = new Set(['close', 'http2-settings', 'keep-alive', 'upgrade']);
const NEVER_NOMINATED: ReadonlySet<string> = new Set(['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']);

/** `connection` names headers that are for this hop alone: they are dropped (Envoy: Utility::sanitizeConnectionHeader). */
function sanitizeConnection(request: HttpRequest, manager: ConfigNode): HeaderRefusal | undefined {
  const connection = headerValues(request, 'connection').join(',');
  if (connection === '' || isUpgrade(request)) return undefined;
  const tokens = connection.split(',').filter((token) => token !== '');
  const refuse = (because: Sentence): HeaderRefusal => ({ kind: 'connection', because, at: manager });
  if (tokens.length >= MAX_NOMINATED) return refuse(words('its connection header names ten headers or more'));
  for (const token of tokens) {
    const name = token.trim().toLowerCase();
    if (KEPT_TOKENS.has(name) || name === 'connection') continue;
    if (NEVER_NOMINATED.has(name) || name.startsWith(':')) return refuse(say`its connection header names ${name}`);
    const keepsTrailers =
      name === 'te' &&
      headerValues(request, 'te')
        .join(',')
        .toLowerCase()
        .split(',')
        .some((each) => each.trim() === 'trailers');
    if (keepsTrailers) setHeader(request, 'te', 'trailers');
    else removeHeader(request, name);
  }
  return undefined;
}

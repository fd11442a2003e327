/** Forms of an HTTP/1 request target (Envoy: source/common/http/http1/balsa_parser.cc, codec_impl.cc handlePath). */
import { MAX_PORT } from '../../../protocol/maxPort';

/** Visible ASCII only; blanks, control characters and bytes above 0x7e end in 400. */
export function isValidHttp1Path(path: string): boolean {
  for (let at = 0; at < path.length; at++) {
    const code = path.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return true;
}

/** `scheme://user@host/path?query` taken apart: the user is dropped, a missing path is `/`. Undefined for anything else. */
export function splitAbsoluteUrl(target: string): { scheme: string; user: string; host: string; path: string } | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([\w\-.!~*'()%;:&=+$,[\]@]*)(|[/?][^]*)$/i.exec(target);
  if (!match) return undefined;
  const authority = match[2] ?? '';
  const at = authority.lastIndexOf('@');
  return {
    scheme: (match[1] ?? '').toLowerCase(),
    user: authority.slice(0, Math.max(at, 0)),
    host: authority.slice(at + 1),
    path: match[3] === '' ? '/' : (match[3] ?? '/'),
  };
}

/** The host of a URL, or of a CONNECT, is more narrowly read than a Host header (Envoy: Utility::Url::initialize, legacy_parser; tried on 1.40). */
export function isUrlHost(host: string): boolean {
  const match = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(\d+))?$/.exec(host);
  return match !== null && Number(match[1] ?? 0) <= MAX_PORT;
}

/** Neither brackets nor another `@`. */
export function isUrlUser(user: string): boolean {
  return !/[[\]@]/.test(user);
}

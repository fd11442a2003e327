/** Forms of an HTTP/1 request target (Envoy: source/common/http/http1/balsa_parser.cc, codec_impl.cc handlePath). */

/** Visible ASCII only; blanks, control characters and bytes above 0x7e end in 400. */
export function isValidHttp1Path(path: string): boolean {
  for (let at = 0; at < path.length; at++) {
    const code = path.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return true;
}

/** `scheme://user@host/path?query` taken apart: the user is dropped, a missing path is `/`. Undefined for anything else. */
export function splitAbsoluteUrl(target: string): { scheme: string; host: string; path: string } | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(|[/?][^]*)$/i.exec(target);
  if (!match) return undefined;
  const host = match[2] ?? '';
  return {
    scheme: (match[1] ?? '').toLowerCase(),
    host: host.slice(host.lastIndexOf('@') + 1),
    path: match[3] === '' ? '/' : (match[3] ?? '/'),
  };
}

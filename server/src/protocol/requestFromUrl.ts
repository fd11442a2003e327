/** How a URL is said as a trace request: one rule for the command line, the dialog and the preview's form. A leaf. */
import type { RequestConnection, RequestHttp } from './trace';
import { MAX_PORT } from './maxPort';

export interface UrlRequest {
  connection: RequestConnection;
  http: RequestHttp;
}

/**
 * The connection and the HTTP request that a client such as curl makes for `url`: scheme, authority and path, and for https the SNI (unless the host
 * is an IP) and the ALPN `h2,http/1.1`. A URL without a scheme is http. undefined: not a URL that HTTP can ask for.
 */
export function requestFromUrl(url: string, method = 'GET'): UrlRequest | undefined {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^/?#@]*@)?([^/?#\s]*[^/?#\s:])(\/[^#\s]*|\?[^#\s]*)?(?:#.*)?$/i.exec(url.trim());
  const authority = match?.[2];
  const scheme = (match?.[1] ?? 'http').toLowerCase();
  if (!authority || (scheme !== 'http' && scheme !== 'https')) return undefined;
  const path = match[3] ?? '/';
  const http: RequestHttp = {
    version: 'http1',
    method,
    scheme,
    authority,
    path: path.startsWith('?') ? `/${path}` : path,
    headers: [],
  };
  return { connection: scheme === 'https' ? tlsOf(authority) : {}, http };
}

/**
 * The same as curl sends it: the scheme's own port is not part of the authority (but of a CONNECT's, which needs one), what is not ASCII is
 * percent-encoded, and a user becomes an `authorization`. undefined for a port that there is not, too.
 * A form that shows a request and reads it back keeps what was there: it takes the other one.
 */
export function requestOfCurl(url: string, method = 'GET'): UrlRequest | undefined {
  const asked = requestFromUrl(url, method);
  if (!asked) return undefined;
  const { authority, path, scheme } = asked.http;
  if (!HOST_AND_PORT.test(authority) || Number(/:(\d+)$/.exec(authority)?.[1] ?? 0) > MAX_PORT) return undefined;
  const port = scheme === 'https' ? ':443' : ':80';
  const isKept = method === 'CONNECT' || !authority.endsWith(port);
  return {
    ...asked,
    http: {
      ...asked.http,
      authority: isKept ? authority : authority.slice(0, -port.length),
      path: encodeBeyondAscii(path),
      headers: authorizationOf(url),
    },
  };
}

const HOST_AND_PORT = /^(?:\[[^\]]*\]|[^:]*)(?::\d+)?$/;

/** Headers of a URL, without those that are given by name as well: they win. */
export function withoutNamed(headers: RequestHttp['headers'], given: RequestHttp['headers']): RequestHttp['headers'] {
  return headers.filter(([name]) => !given.some(([other]) => other.toLowerCase() === name));
}

declare function btoa(text: string): string;

/** `http://user:password@host/`, percent-encoded; a password that is not there is empty. */
function authorizationOf(url: string): RequestHttp['headers'] {
  const user = /^\s*(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#@]*)@/i.exec(url)?.[1];
  if (user === undefined || user === '') return [];
  const bytes = encodeBeyondAscii(user).replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  return [['authorization', `Basic ${btoa(bytes.includes(':') ? bytes : `${bytes}:`)}`]];
}

function encodeBeyondAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (letter) => (/^[\ud800-\udfff]$/.test(letter) ? '%EF%BF%BD' : encodeURIComponent(letter)));
}

/** What a TLS client says first: the SNI is never an IP address (RFC 6066, section 3). */
function tlsOf(authority: string): RequestConnection {
  const host = authority.replace(/:\d*$/, '');
  const isAddress = host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host);
  return { transport: 'tls', alpn: ['h2', 'http/1.1'], ...(isAddress ? {} : { sni: host }) };
}

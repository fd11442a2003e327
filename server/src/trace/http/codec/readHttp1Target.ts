/** The request line of HTTP/1: method, and a path, an absolute URL, `*` or HOST:PORT (Envoy: source/common/http/http1/{balsa_parser,codec_impl}.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HttpRequest } from '../../facts/httpRequest';
import { say, words, type Sentence } from '../../record/sentence';
import { isValidAuthority } from '../checkRequest';
import { portOf } from '../hostPort';
import { isUrlHost, isUrlUser, isValidHttp1Path, splitAbsoluteUrl } from '../normalise/requestTarget';

export interface Http1Refusal {
  /** `response_code_details`. Example: `http1.invalid_url` */
  readonly details: string;
  readonly because: Sentence;
}

/** Checks and takes apart the target: an absolute URL replaces the host. Undefined: all is fine. Observed with Envoy 1.40. */
export function readHttp1Target(request: HttpRequest, manager: ConfigNode): Http1Refusal | undefined {
  return readTarget(request, manager.get('http_protocol_options')?.bool('allow_absolute_url') !== false) ?? checkAuthority(request);
}

/** What the parser refuses before it comes to the header lines (Envoy: source/common/http/http1/balsa_parser.cc; tried on 1.40). */
export function checkRequestLine({ method, path }: HttpRequest, manager: ConfigNode): Http1Refusal | undefined {
  const refuse = (because: Sentence): Http1Refusal => ({ details: 'http1.codec_error', because });
  if (manager.get('http_protocol_options')?.bool('allow_custom_methods') !== true && !METHODS.has(method))
    return refuse(say`HTTP/1 knows no method ${method}`);
  if (method === 'CONNECT') return undefined;
  if (!isValidHttp1Path(path)) return refuse(say`the path ${path} has characters that HTTP/1 does not allow`);
  if (/^[/*]/.test(path) || splitAbsoluteUrl(path)) return undefined;
  return refuse(say`the path ${path} begins with no slash`);
}

/** Envoy: isMethodValid of source/common/http/http1/balsa_parser.cc (with its `MSEARCH`); 1.40 takes QUERY, too. */
const METHODS: ReadonlySet<string> = new Set(
  (
    'ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH NOTIFY OPTIONS PATCH POST ' +
    'PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE'
  ).split(' '),
);

function readTarget(request: HttpRequest, takesUrls: boolean): Http1Refusal | undefined {
  const { method, path } = request;
  if (method === 'CONNECT') {
    // Its line holds the authority alone.
    request.path = '';
    if (portOf(request.authority) !== undefined && isUrlHost(request.authority)) return undefined;
    return { details: 'http1.invalid_url', because: say`the target ${request.authority} of the CONNECT is no host with a port` };
  }
  if (path.startsWith('/') || (path.startsWith('*') && method === 'OPTIONS')) return undefined;
  if (!takesUrls && (path.startsWith('*') || splitAbsoluteUrl(path))) return undefined;
  if (path.startsWith('*')) return { details: 'http1.invalid_url', because: say`the path ${path} begins with a star` };
  const url = splitAbsoluteUrl(path);
  if (!url) return undefined;
  if (url.host === '') return { details: 'http1.invalid_url', because: say`the URL ${path} names no host` };
  if (!isUrlHost(url.host) || !isUrlUser(url.user))
    return {
      details: 'http1.invalid_url',
      because: say`the URL ${path} has characters that no host of a URL has, or no port where one should be`,
    };
  if (url.scheme !== 'http' && url.scheme !== 'https')
    return { details: 'http1.invalid_scheme', because: say`the URL ${path} is not of HTTP` };
  request.authority = url.host;
  request.scheme = url.scheme;
  request.path = url.path;
  return undefined;
}

function checkAuthority({ authority }: HttpRequest): Http1Refusal | undefined {
  if (isValidAuthority(authority)) return undefined;
  return { details: 'http.invalid_authority', because: say`the host ${authority} ${words('has characters that no host has')}` };
}

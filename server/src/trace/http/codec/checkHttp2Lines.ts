/** Which characters HTTP/2 and 3 take in pseudo-headers and header lines (nghttp2's checks of names and values; each octet tried on Envoy 1.40). */
import type { ConfigNode } from '../../../schema/configNode';
import { hasControls } from '../../facts/hasControls';
import type { HttpRequest } from '../../facts/httpRequest';
import { say, words, type Sentence } from '../../record/sentence';
import type { HeaderRefusal } from './headerRefusal';

/** Undefined: all is fine. Names of headers are compared in lower case, however the request spells them. */
export function checkHttp2Lines({ method, authority, path, headers }: HttpRequest, manager: ConfigNode): HeaderRefusal | undefined {
  const refuse = (because: Sentence): HeaderRefusal => ({ kind: 'field', because, at: manager });
  if (!TOKEN.test(method)) return refuse(say`the method ${method} has characters that HTTP/2 does not allow`);
  if (!AUTHORITY.test(authority)) return refuse(say`the authority ${authority} has characters that HTTP/2 does not allow`);
  if (hasControls(path) || /[\t ]/.test(path)) return refuse(say`the path ${path} ${words('has blanks or control characters')}`);
  const line = headers.find(([, value]) => hasControls(value));
  if (line) return refuse(say`the value of header ${line[0]} has control characters`);
  const hopByHop = headers.find(([name, value]) => (name === 'te' ? value.toLowerCase() !== 'trailers' : OF_CONNECTION.has(name)));
  if (hopByHop)
    return refuse(say`header ${hopByHop[0]}${words(hopByHop[0] === 'te' ? ' asks for more than trailers' : '')} is none of HTTP/2`);
  const wrong = headers.find(([name]) => !TOKEN.test(name) && name !== PROTOCOL);
  return wrong && refuse(say`${wrong[0]} is no name of a header`);
}

/** HTTP/2 has no headers that speak of one connection (RFC 9113, 8.2.2; each tried on Envoy 1.40). */
const OF_CONNECTION: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Of an extended CONNECT. */
const PROTOCOL = ':protocol';

const TOKEN = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;
const AUTHORITY = /^[A-Za-z0-9\-._~%!$&'()*+,;=:[\]]*$/;

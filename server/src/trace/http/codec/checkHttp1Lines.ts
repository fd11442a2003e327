/** What HTTP/1 demands of header lines and of how the body is announced (Envoy: source/common/http/http1/{balsa_parser,codec_impl}.cc; tried on 1.40). */
import type { ConfigNode } from '../../../schema/configNode';
import { hasControls } from '../../facts/hasControls';
import { headerValues, removeHeader, type HttpRequest } from '../../facts/httpRequest';
import { say, words } from '../../record/sentence';
import type { HeaderRefusal } from './headerRefusal';

const TOKEN = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;

/** Bytes that no head may have, wherever they stand: Envoy looks for them first. */
export function checkHttp1Characters({ path, headers }: HttpRequest, at: ConfigNode): HeaderRefusal | undefined {
  if (path.includes('\t')) return { kind: 'syntax', because: say`the path ${path} has a tab`, at };
  if (hasControls(path)) return { kind: 'characters', because: say`the path ${path} has control characters`, at };
  const line = headers.find(([, value]) => hasControls(value));
  if (line) return { kind: 'characters', because: say`the value of header ${line[0]} has control characters`, at };
  return undefined;
}

/** Names, values and the length of the body, before anything else is read. */
export function checkHttp1Lines(request: HttpRequest, at: ConfigNode): HeaderRefusal | undefined {
  const { headers } = request;
  const garbled = checkHttp1Characters(request, at);
  if (garbled) return garbled;
  const wrong = headers.find(([name]) => !TOKEN.test(name));
  if (wrong) return { kind: 'syntax', because: say`${wrong[0]} is no name of a header`, at };
  const lengths = headers.filter(([name]) => name === 'content-length').map(([, value]) => value);
  if (lengths.length > 1) return { kind: 'syntax', because: words('it tells the length of its body twice'), at };
  if (lengths.some((length) => !isLength(length))) return { kind: 'syntax', because: say`${lengths[0] ?? ''} is no length of a body`, at };
  return undefined;
}

/** Digits that fit in 64 bits. */
function isLength(text: string): boolean {
  return /^\d{1,20}$/.test(text) && BigInt(text) < 1n << 64n;
}

/** The two ways to announce a body exclude each other, and chunks are the only encoding (ConnectionImpl::onHeadersCompleteImpl). */
export function checkHttp1Body(request: HttpRequest, manager: ConfigNode): HeaderRefusal | undefined {
  const encodings = headerValues(request, 'transfer-encoding');
  const length = headerValues(request, 'content-length')[0];
  const isConnect = request.method === 'CONNECT';
  if (isConnect && length !== undefined && Number(length) > 0)
    return { kind: 'body', because: words('a CONNECT has no body of a known length'), at: manager };
  if (encodings.length === 0) return undefined;
  const isChunked = encodings.length === 1 && encodings[0]?.toLowerCase() === 'chunked';
  if (length !== undefined) {
    const options = manager.get('http_protocol_options');
    if (!isChunked || options?.bool('allow_chunked_length') !== true)
      return { kind: 'length_and_chunked', because: words('it has both content-length and transfer-encoding'), at: options ?? manager };
    removeHeader(request, 'content-length');
  }
  if (isChunked && !isConnect) return undefined;
  return { kind: 'transfer_encoding', because: say`Envoy knows no transfer-encoding ${encodings.join(', ')} here`, at: manager };
}

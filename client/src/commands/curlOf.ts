/** A request as the curl command line that sends it. */
import type { TraceRequest } from '../../../server/src/protocol/trace';

/** With the connection to the traced address where one is given. Undefined for connections without HTTP. */
export function curlOf({ connection, http }: TraceRequest): string | undefined {
  if (!http) return undefined;
  const { method, scheme, authority, path, headers } = http;
  const words = ['curl', '-v'];
  if (method !== 'GET') words.push('-X', quote(method));
  if (http.version === 'http2') words.push(scheme === 'https' ? '--http2' : '--http2-prior-knowledge');
  if (http.version === 'http3') words.push('--http3-only');
  words.push(quote(`${scheme}://${authority}${path}`));
  for (const [name, value] of headers) words.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`));
  if (connection.destination !== undefined && connection.destination !== '')
    words.push('--connect-to', quote(`::${connection.destination}`));
  return words.join(' ');
}

/** As a POSIX shell reads one word. */
function quote(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

/** `www-authenticate` of a refusal: what the client would have to show (RFC 9110, 11.6.1). */
import { headerValues } from '../facts/httpRequest';
import type { HttpStream } from '../httpStream';

const MAX_PATH = 256;

/** Example: `Bearer realm="http://a.test/b", error="invalid_token"` */
export function noteChallenge(http: HttpStream, scheme: 'Basic' | 'Bearer', { uri = originalUri(http), problem = '' } = {}): void {
  http.responseHeaders.set.push(['www-authenticate', `${scheme} realm="${uri}"${problem}`]);
}

/** source/common/http/utility.cc, buildOriginalUri. */
export function originalUri({ request }: HttpStream): string {
  const path = headerValues(request, 'x-envoy-original-path')[0] ?? request.path;
  return request.path === '' ? '' : `${request.scheme}://${request.authority}${path.slice(0, MAX_PATH)}`;
}

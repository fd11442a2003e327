/** Headers that good tokens write (Envoy: source/extensions/filters/http/jwt_authn/extractor.cc, sanitizeHeaders). */
import type { ConfigNode } from '../../../schema/configNode';
import { removeHeader, type HttpRequest } from '../../facts/httpRequest';

/**
 * Clients do not write the headers that tokens of these providers write. Whoever verifies takes them away first,
 * so that a later requirement also removes what an earlier one has written.
 */
export function sanitise(providers: Iterable<ConfigNode>, request: HttpRequest): void {
  for (const provider of providers) {
    const claims = provider.list('claim_to_headers').map((each) => each.string('header_name'));
    for (const name of [provider.string('forward_payload_header'), ...claims]) if (name !== '') removeHeader(request, name);
  }
}

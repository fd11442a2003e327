/** envoy.filters.http.credential_injector (Envoy: source/extensions/filters/http/credential_injector, source/extensions/http/injected_credentials). */
import { hasHeader, markUnknownHeader, setHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { readGenericSecret } from '../genericSecret';

const GENERIC = 'envoy.extensions.http.injected_credentials.generic.v3.Generic';

/** Writes the credential into its header, unless the client has brought one; a secret that no file holds leaves its value open. */
export function runCredentialInjector(call: FilterCall): HopResult | undefined {
  const { config, hop, http } = call;
  const credential = config.get('credential')?.typed();
  const name = (credential?.type === GENERIC && credential.node.string('header')) || 'authorization';
  const isThere = config.bool('overwrite') !== true && hasHeader(http.request, name);
  if (isThere instanceof NotKnown) return leaveOpen(call, say`whether the request brings the header ${name} already: ${isThere.missing}`);
  if (isThere) return pass(call, { because: say`the request brings the header ${name} already` });
  const secret = credential?.type === GENERIC ? readGenericSecret(hop, credential.node.get('credential')) : undefined;
  if (secret === undefined) {
    setHeader(http.request, name, '?');
    markUnknownHeader(http.request, name, say`the credential of filter ${call.name}`);
    const otherwise = config.bool('allow_request_without_credential') === true ? '' : '; as long as Envoy has none, the answer is 401';
    return tell(call, say`filter ${call.name} writes header ${name}`, {
      because: words(`it has a credential for the upstream${otherwise}`),
    });
  }
  setHeader(http.request, name, `${credential?.node.string('header_value_prefix') ?? ''}${secret}`);
  return tell(call, say`filter ${call.name} writes header ${name}`, { because: words('it has a credential for the upstream') });
}

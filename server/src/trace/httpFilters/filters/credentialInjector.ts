/** envoy.filters.http.credential_injector (Envoy: source/extensions/filters/http/credential_injector, source/extensions/http/injected_credentials). */
import { headerValues, markUnknownHeader, setHeader } from '../../facts/httpRequest';
import { say, words } from '../../record/sentence';
import { pass, tell, type FilterCall } from '../filterCall';
import { readGenericSecret } from '../genericSecret';

const GENERIC = 'envoy.extensions.http.injected_credentials.generic.v3.Generic';

/** Writes the credential into its header, unless the client has brought one; a secret that no file holds leaves its value open. */
export function runCredentialInjector(call: FilterCall): undefined {
  const { config, hop, http } = call;
  const credential = config.get('credential')?.typed();
  const name = (credential?.type === GENERIC && credential.node.string('header')) || 'authorization';
  if (config.bool('overwrite') !== true && headerValues(http.request, name).length > 0)
    return pass(call, { because: say`the request brings the header ${name} already` });
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

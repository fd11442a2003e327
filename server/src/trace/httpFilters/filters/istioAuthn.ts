/** Istio's filter that writes down who asks (istio/proxy: src/envoy/http/authn). */
import { NotKnown } from '../../facts/notKnown';
import { say, words } from '../../record/sentence';
import { pass, tell, type FilterCall } from '../filterCall';

/** `istio_authn`: the client's principal becomes metadata, for Istio's RBAC. */
export function runIstioAuthn(call: FilterCall): undefined {
  const { tls } = call.hop.connection;
  const principal = tls?.principals[0];
  if (principal === undefined && tls?.hasUnknownPrincipals !== true)
    return pass(call, { because: words('the client shows no certificate') });
  const name =
    principal === undefined ? new NotKnown(words("the names in the client's certificate")) : principal.replace(/^spiffe:\/\//, '');
  call.http.metadata.set('istio_authn', { 'source.principal': name, 'source.user': name });
  return tell(
    call,
    say`filter ${call.name} notes the client ${typeof name === 'string' ? name : words('(whose name the files do not tell)')}`,
    {
      because: words('its certificate says so'),
    },
  );
}

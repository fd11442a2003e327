/** Istio's filters that write down who asks, or where a tunnel leads (istio/proxy: source/extensions/filters/http, src/envoy/http/authn). */
import { parseIpPort } from '../../../model/address';
import { NotKnown } from '../../facts/notKnown';
import { say, words } from '../../record/sentence';
import { pass, tell, type FilterCall } from '../filterCall';

const LOCAL_ADDRESS = 'envoy.filters.listener.original_dst.local_ip';

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

/** `connect_authority`: the CONNECT's authority is where the inner connection wants to go. */
export function runConnectAuthority(call: FilterCall): undefined {
  const { http, config } = call;
  if (config.bool('enabled') !== true || http.request.method !== 'CONNECT')
    return pass(call, { because: words('there is no tunnel, or it is not enabled') });
  const address = parseIpPort(http.request.authority);
  if (!address) return pass(call, { because: say`the authority ${http.request.authority} is no address` });
  const port = config.number('port') ?? address.port;
  const value = http.request.authority.replace(/\d+$/, String(port));
  http.filterState.set(LOCAL_ADDRESS, { value, shared: 'once' });
  return tell(call, say`filter ${call.name} sets the inner destination to ${value}`, { because: words("it is the tunnel's authority") });
}

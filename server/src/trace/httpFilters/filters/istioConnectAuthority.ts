/** Istio's connect_authority: where a tunnel leads (istio/proxy: source/extensions/filters/http/connect_authority). */
import { parseIpPort } from '../../../model/address';
import { say, words } from '../../record/sentence';
import { pass, tell, type FilterCall } from '../filterCall';

const LOCAL_ADDRESS = 'envoy.filters.listener.original_dst.local_ip';

/** The CONNECT's authority is where the inner connection wants to go. */
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

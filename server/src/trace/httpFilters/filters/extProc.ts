/** envoy.filters.http.ext_proc (Envoy: source/extensions/filters/http/ext_proc/ext_proc.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigsOf } from '../perRouteConfig';
import { serviceOf } from './extAuthz';

/** Sends request headers or body to a service, which may do anything to them; watching alone changes nothing. */
export function runExtProc(call: FilterCall): HopResult | undefined {
  const perRoute = routeConfigsOf(call.http, call.name);
  const off = perRoute[0]?.node.bool('disabled') === true ? perRoute[0] : undefined;
  if (off) return pass(call, { because: words('the route turns external processing off'), at: off.entry });
  const overrides = perRoute.map(({ node }) => node.get('overrides')).find((node) => node !== undefined);
  if (call.config.bool('observability_mode') === true)
    return pass(call, { because: words('it only watches (observability_mode)'), at: call.config.get('observability_mode') });
  const mode = overrides?.get('processing_mode') ?? call.config.get('processing_mode');
  if (mode && !seesRequest(mode)) return pass(call, { because: words('it sees the answer only, not the request'), at: mode });
  const service = serviceOf(overrides?.has('grpc_service') ? overrides : call.config);
  return leaveOpen(
    call,
    say`what the external processor ${service} does: it may answer by itself, or change the request and so its route`,
    { at: mode },
  );
}

/** `request_header_mode` is SEND by default, the bodies' NONE. */
function seesRequest(mode: ConfigNode): boolean {
  const headers = mode.enumName('request_header_mode');
  const body = mode.enumName('request_body_mode');
  return (headers !== 'SKIP' && headers !== '2') || (body !== '' && body !== 'NONE' && body !== '0');
}

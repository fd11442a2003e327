/** envoy.filters.http.ext_proc (Envoy: source/extensions/filters/http/ext_proc/ext_proc.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { statusCodeOf } from '../../facts/statusCode';
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { whyServiceIsDead, type DeadService } from '../../cluster/deadService';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigsOf } from '../perRouteConfig';
import { serviceOf } from './extAuthz';

/** Sends request headers or body to a service, which may do anything to them; watching alone changes nothing. */
export function runExtProc(call: FilterCall): HopResult | undefined {
  const perRoute = routeConfigsOf(call.http, call.name);
  const off = perRoute[0]?.node.bool('disabled') === true ? perRoute[0] : undefined;
  if (off) return pass(call, { because: words('the route turns external processing off'), at: off.entry });
  const overrides = perRoute.map(({ node }) => node.get('overrides')).find((node) => node !== undefined);
  const mode = overrides?.get('processing_mode') ?? call.config.get('processing_mode');
  const asks = overrides?.has('grpc_service') === true ? overrides : call.config;
  const dead = mode && !seesRequest(mode) ? undefined : whyServiceIsDead(call.hop, asks.get('grpc_service'));
  if (dead) return failToAsk(call, dead, overrides);
  if (call.config.bool('observability_mode') === true)
    return pass(call, { because: words('it only watches (observability_mode)'), at: call.config.get('observability_mode') });
  if (mode && !seesRequest(mode)) return pass(call, { because: words('it sees the answer only, not the request'), at: mode });
  const service = serviceOf(asks);
  return leaveOpen(
    call,
    say`what the external processor ${service} does: it may answer by itself, or change the request and so its route`,
    { at: mode },
  );
}

/** The stream cannot be opened, be it only to watch (ext_proc.cc, onGrpcError). */
function failToAsk(call: FilterCall, { because, at, details }: DeadService, overrides: ConfigNode | undefined): HopResult | undefined {
  const allows = overrides?.get('failure_mode_allow')?.asBoolean() ?? call.config.bool('failure_mode_allow') === true;
  if (allows) return pass(call, { because: say`${because}, and failure_mode_allow lets requests pass then`, at });
  const code = statusCodeOf(call.config.get('status_on_error')) ?? 500;
  return answer(call, 'local_reply', { code, details: `ext_proc_error_gRPC_error_14{${details}}` }, { because, at });
}

/** `request_header_mode` is SEND by default, the bodies' NONE. */
function seesRequest(mode: ConfigNode): boolean {
  const headers = mode.enumName('request_header_mode');
  const body = mode.enumName('request_body_mode');
  return (headers !== 'SKIP' && headers !== '2') || (body !== '' && body !== 'NONE' && body !== '0');
}

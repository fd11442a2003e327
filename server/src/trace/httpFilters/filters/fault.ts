/** envoy.filters.http.fault (Envoy: source/extensions/filters/http/fault/fault_filter.cc, filters/common/fault/fault_config.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { firstUnknownHeader, headerValues, knownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { testHeader } from '../../http/routeMatch/headerMatcher';
import { say, words, type Sentence } from '../../record/sentence';
import { readFractionalPercent } from '../../runtime/fractionalPercent';
import { readRuntime, runtimeNumber } from '../../runtime/readRuntime';
import { allOf, no, unknown, YES, type Verdict } from '../../verdict';
import { drawFraction } from '../../runtime/drawFraction';
import { answer, leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** A route's HTTPFault replaces the filter's. Delays are told; an abort answers. */
export function runFault(call: FilterCall): HopResult | undefined {
  const fault = routeConfigOf(call.http, call.name)?.node ?? call.config;
  const applies = testTargets(call, fault);
  if (applies.kind === 'no') return pass(call, { because: applies.because, at: applies.at });
  if (applies.kind === 'unknown') return leaveOpen(call, applies.missing, { at: applies.at });
  const most = runtimeNumber(call.hop, fault.string('max_active_faults_runtime') || MAX_KEY, fault.number('max_active_faults') ?? Infinity);
  if (most === 0)
    return pass(call, { because: words('no fault may be active (max_active_faults)'), at: fault.get('max_active_faults') ?? fault });
  const missing = hiddenRequest(call, fault);
  if (missing) return leaveOpen(call, missing, { at: fault });
  const isDelayed = delay(call, fault);
  const status = abortStatus(call, fault);
  if (status === undefined) {
    if (!isDelayed) pass(call, { because: words('no fault is injected'), at: fault });
    return undefined;
  }
  const at = fault.get('abort');
  const reply = {
    ...status,
    flags: ['FI'],
    details: 'fault_filter_abort',
    body: at?.string('response_body') || 'fault filter abort',
  };
  return answer(call, 'local_reply', reply, { because: words('the fault is injected'), at });
}

const MAX_KEY = 'fault.http.max_active_faults';

/** Cluster of the route, node of the client, headers: all must fit. */
function testTargets({ http }: FilterCall, fault: ConfigNode): Verdict {
  const cluster = fault.get('upstream_cluster');
  const wanted = cluster?.asString() ?? '';
  if (wanted !== '' && wanted !== http.clusterName)
    return no(say`the route's cluster is ${http.clusterName}, the fault is for ${wanted}`, cluster);
  const nodes = fault.list('downstream_nodes').map((node) => node.asString() ?? '');
  const found = nodes.length === 0 ? [] : knownHeader(http.request, 'x-envoy-downstream-service-node');
  if (found instanceof NotKnown) return unknown(found.missing, fault.get('downstream_nodes'));
  if (nodes.length > 0 && !nodes.some((node) => node === found[0]))
    return no(say`the fault is for the nodes ${nodes}`, fault.get('downstream_nodes'));
  const headers = fault.list('headers');
  return headers.length === 0 ? YES : allOf(headers, (matcher) => testHeader(matcher, http.request));
}

/** What is missing where a header may ask for the fault. */
function hiddenRequest({ http: { request } }: FilterCall, fault: ConfigNode): Sentence | undefined {
  const names = (['delay', 'abort'] as const).flatMap((kind) => (fault.get(kind)?.has(`header_${kind}`) === true ? ASKING[kind] : []));
  return firstUnknownHeader(request, names);
}

const ASKING = {
  delay: ['x-envoy-fault-delay-request', 'x-envoy-fault-delay-request-percentage'],
  abort: ['x-envoy-fault-abort-request', 'x-envoy-fault-abort-grpc-request', 'x-envoy-fault-abort-request-percentage'],
} as const;

/** True when the request is held up; the way stays the same. */
function delay(call: FilterCall, fault: ConfigNode): boolean {
  const settings = fault.get('delay');
  if (!settings) return false;
  const asked = headerValues(call.http.request, 'x-envoy-fault-delay-request')[0];
  if (settings.has('header_delay') && (asked === undefined || !/^\d+$/.test(asked))) return false;
  const fraction = fractionOf(call, settings, { fault, kind: 'delay', standardKey: 'fault.http.delay.fixed_delay_percent' });
  if (!drawFraction(call.hop, { ...fraction, hit: 'a delay is injected', miss: 'no delay is injected', at: settings })) return false;
  const milliseconds = settings.has('header_delay') ? Number(asked) : (settings.duration('fixed_delay') ?? 0);
  call.http.flags = [...(call.http.flags ?? []), 'DI'];
  tell(call, say`filter ${call.name} delays the request by ${milliseconds} ms`, { because: words('the fault is injected'), at: settings });
  return true;
}

interface AbortStatus {
  readonly code: number;
  readonly grpcStatus?: number;
}

function abortStatus(call: FilterCall, fault: ConfigNode): AbortStatus | undefined {
  const settings = fault.get('abort');
  if (!settings) return undefined;
  const status = settings.has('header_abort') ? statusOfHeaders(call) : statusOfConfig(call, fault, settings);
  if (!status) return undefined;
  const fraction = fractionOf(call, settings, { fault, kind: 'abort', standardKey: 'fault.http.abort.abort_percent' });
  return drawFraction(call.hop, { ...fraction, hit: 'the request is aborted', miss: 'the request is not aborted', at: settings })
    ? status
    : undefined;
}

function statusOfConfig({ hop }: FilterCall, fault: ConfigNode, settings: ConfigNode): AbortStatus | undefined {
  const grpc = settings.number('grpc_status');
  if (grpc !== undefined)
    return { code: 200, grpcStatus: runtimeNumber(hop, fault.string('abort_grpc_status_runtime') || 'fault.http.abort.grpc_status', grpc) };
  const code = settings.number('http_status');
  return code === undefined
    ? undefined
    : { code: runtimeNumber(hop, fault.string('abort_http_status_runtime') || 'fault.http.abort.http_status', code) };
}

function statusOfHeaders({ http }: FilterCall): AbortStatus | undefined {
  const code = integerHeader(headerValues(http.request, 'x-envoy-fault-abort-request')[0]);
  if (code !== undefined && code >= 200 && code < 600) return { code };
  const grpc = integerHeader(headerValues(http.request, 'x-envoy-fault-abort-grpc-request')[0]);
  return grpc === undefined ? undefined : { code: 200, grpcStatus: grpc };
}

function integerHeader(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

interface FractionSource {
  readonly fault: ConfigNode;
  readonly kind: 'delay' | 'abort';
  readonly standardKey: string;
}

/** The configured percentage, or the runtime's; a request may ask for less by header where the fault is controlled by headers. */
function fractionOf(
  { hop, http }: FilterCall,
  settings: ConfigNode,
  { fault, kind, standardKey }: FractionSource,
): { numerator: number; denominator: number } {
  const configured = readFractionalPercent(settings.get('percentage'));
  const asked = settings.has(`header_${kind}`)
    ? integerHeader(headerValues(http.request, `x-envoy-fault-${kind}-request-percentage`)[0])
    : undefined;
  const base = asked === undefined ? configured : { ...configured, numerator: Math.min(asked, configured.numerator) };
  const { value } = readRuntime(hop, fault.string(`${kind}_percent_runtime`) || standardKey);
  const percent = typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
  return percent === undefined ? base : { numerator: percent, denominator: 100 };
}

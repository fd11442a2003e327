/** envoy.filters.http.kill_request (Envoy: source/extensions/filters/http/kill_request/kill_request_filter.cc). */
import { knownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, type FilterCall } from '../filterCall';

/** Crashes Envoy on purpose, and only when a header asks for it. */
export function runKillRequest(call: FilterCall): HopResult | undefined {
  const name = call.config.string('kill_request_header') || 'x-envoy-kill-request';
  const values = knownHeader(call.http.request, name);
  if (values instanceof NotKnown) return leaveOpen(call, say`whether it crashes Envoy on purpose: ${values.missing}`);
  const asks = /^(?:true|t|yes|y|1)$/i.test(values[0] ?? '');
  if (!asks) return pass(call, { because: say`it crashes Envoy on purpose, and only when the header ${name} asks for it` });
  return leaveOpen(call, words('whether it crashes Envoy on purpose'));
}

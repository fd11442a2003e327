/** envoy.filters.http.wasm (Envoy: source/extensions/filters/http/wasm). */
import type { HopResult } from '../../hop';
import { say } from '../../record/sentence';
import { leaveOpen, pass, type FilterCall } from '../filterCall';

/** Istio's telemetry was compiled into the proxy under these names; other plugins may do anything. */
const TELEMETRY = /^envoy\.wasm\.(?:null\.)?(?:stats|metadata_exchange|stackdriver|access_log_policy|attributegen)$/;

export function runWasm(call: FilterCall): HopResult | undefined {
  const plugin = call.config.get('config');
  const code = plugin?.path('vm_config', 'code', 'local', 'inline_string')?.asString() ?? '';
  if (TELEMETRY.test(code)) return pass(call, { because: say`${code} is telemetry of Istio's own`, at: plugin });
  const name = plugin?.string('name') || plugin?.string('root_id') || call.name;
  return leaveOpen(call, say`what the Wasm plugin ${name} does: it may answer by itself, or change the request and so its route`, {
    at: plugin ?? call.config,
  });
}

/** The last look at a request before it is sent (Envoy: source/common/router/upstream_request.cc, source/common/http/header_utility.cc). */
import type { ConnectionFacts } from '../facts/connection';
import { hasControls } from '../facts/hasControls';
import { localReply } from '../http/localReply/localReply';
import { addStep, type Hop, type HopResult } from '../hop';
import { say, words } from '../record/sentence';

/** Control characters in a value, which a format may have made, are never sent (tried on 1.40). */
export function refuseHeaderValue(hop: Hop, { layers }: ConnectionFacts): HopResult | undefined {
  const layer = layers.find(({ kind }) => kind === 'http');
  if (!hop.http || layer?.kind !== 'http') return undefined;
  const found = layer.request.headers.find(([, value]) => hasControls(value));
  if (!found) return undefined;
  const [name] = found;
  addStep(hop, {
    stage: 'upstream',
    decision: words('the request is not sent'),
    because: say`the value of header ${name} has control characters`,
  });
  const details = `filter_removed_required_request_headers{invalid_header_value_for:_${name}}`;
  return localReply(hop, 'protocol_error', { code: 503, flags: ['DPE'], details, body: `invalid header value for: ${name}` });
}

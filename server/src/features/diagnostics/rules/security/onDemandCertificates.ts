/** Certificates that a server fetches when a client asks for them (source/extensions/transport_sockets/tls/cert_selectors/on_demand). */
import type { ConfigNode } from '../../../../schema/configNode';
import { QUIC_DOWNSTREAM } from '../../messageNames';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { typesAbove } from '../../typesAbove';

const ON_DEMAND = 'envoy.extensions.transport_sockets.tls.cert_selectors.on_demand_secret.v3.Config';
const RESUMPTION = ['disable_stateless_session_resumption', 'disable_stateful_session_resumption'];

/** Sessions are known by the certificates of the context, and these are not in it: neither may go on with an old session. */
export function checkOnDemand(context: ConfigNode): Problem | undefined {
  const selector = context.path('common_tls_context', 'custom_tls_certificate_selector');
  if (selector?.typed()?.type !== ON_DEMAND || context.isIncomplete) return undefined;
  if (typesAbove(context).includes(QUIC_DOWNSTREAM)) return errorAt(selector, 'Certificates on demand do not support QUIC listeners.');
  const lacking = RESUMPTION.filter((field) => context.bool(field) !== true).map((field) => `"${field}"`);
  return lacking.length === 0
    ? undefined
    : errorAt(selector, `Certificates on demand do not go with resumed sessions: ${lacking.join(' and ')} must be true.`);
}

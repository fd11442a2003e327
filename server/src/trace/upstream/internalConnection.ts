/** A connection to an internal address: on to the listener of that name in the same proxy (Envoy: source/extensions/bootstrap/internal_listener). */
import { addStep, type Hop, type HopResult } from '../hop';
import { keepsBack, KEPT_BACK } from '../../schema/keptBack';
import { findInternalListener } from '../listener/findInternalListener';
import { localReply } from '../http/localReply/localReply';
import { listenersMayBeMissing } from '../listener/listenersMayBeMissing';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { originOf, type NextContext } from './nextProxy';

/** The next hop, or `no_listener` (connection failure: UF; tcp_proxy says UF,URX). */
export function enterInternalListener(hop: Hop, { destination, connection, socket, protocol }: NextContext): HopResult {
  const { address } = destination;
  if (address.kind !== 'internal') return ending('upstream');
  if (address.listener === KEPT_BACK || address.listener === '')
    return cannotTell(words('the name of the internal listener, which the file keeps back or leaves out'));
  if (socket.opaque !== undefined) return cannotTell(say`what ${socket.opaque} passes on to the internal listener ${address.listener}`);
  const passes = socket.internal?.get('passthrough_metadata') ?? socket.internal;
  if (passes && keepsBack(passes))
    return cannotTell(say`which metadata is passed on to the internal listener ${address.listener}: the file leaves a part of it out`);
  const found = findInternalListener(hop.proxy, address.listener);
  if (!found.node) {
    const missing = listenersMayBeMissing(hop.proxy, say`an internal listener ${address.listener}`);
    if (missing) return cannotTell(missing);
    addStep(hop, {
      stage: 'internal_connection',
      decision: say`there is no internal listener ${address.listener}`,
      because: words('no listener of the proxy that takes internal connections has this name'),
      rejected: found.rejected,
    });
    return connectionFailure(hop, protocol);
  }
  const passed = socket.internal ? [...connection.metadata.keys(), ...connection.filterState.keys()] : [];
  addStep(hop, {
    stage: 'internal_connection',
    decision: say`the connection enters the internal listener ${address.listener}`,
    because: passed.length > 0 ? say`the endpoint's address names it; it is told ${passed}` : words("the endpoint's address names it"),
    at: found.node,
  });
  const origin = originOf(hop);
  return {
    kind: 'onward',
    arrival: { kind: 'internal', proxy: hop.proxy, listenerName: address.listener, connection, ...(origin && { origin }) },
  };
}

/** tcp_proxy closes; the router answers 503, also to a CONNECT (tried on 1.40). */
function connectionFailure(hop: Hop, protocol: NextContext['protocol']): HopResult {
  if (protocol === 'tcp' || !hop.http) return ending('no_listener', { flags: ['UF', 'URX'] });
  const body = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
  const details = 'upstream_reset_before_response_started{remote_connection_failure}';
  return localReply(hop, 'no_listener', { code: 503, flags: ['UF'], details, body });
}

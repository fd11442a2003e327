/**
 * Circuit breakers of nothing: a limit of 0 lets no request through (Envoy: source/common/conn_pool/conn_pool_base.cc newStreamImpl and
 * attachStreamToClient; source/common/tcp_proxy/tcp_proxy.cc initializeUpstreamConnection). Other limits depend on what runs at the same time.
 */
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import { suppressesEnvoyHeaders } from '../http/routerOf';
import { localReply } from '../http/localReply/localReply';
import { recordHeaderChange } from '../http/recordHeaderChange';
import type { HttpStream } from '../httpStream';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell, ending } from '../record/hopRecord';
import { say } from '../record/sentence';
import { runtimeNumber } from '../runtime/readRuntime';

/** Asked once the host is chosen. A pool without any connection makes one whatever `max_connections` says; tcp_proxy asks before. */
export function breakCircuit(hop: Hop, cluster: ConfigNode, protocol: 'tcp' | 'http'): HopResult | undefined {
  const priority = protocol === 'http' ? priorityOf(hop.http?.route?.get('route')) : 'default';
  const breakers = cluster.get('circuit_breakers');
  if (breakers && keepsBack(breakers))
    return cannotTell(say`whether a limit of cluster ${cluster.string('name')} is 0: the file leaves out a part of circuit_breakers`);
  const thresholds = breakers?.list('thresholds') ?? [];
  const limits = thresholds.find((each) => priorityOf(each) === priority);
  const names = protocol === 'http' ? ['max_requests', 'max_pending_requests'] : ['max_connections', 'max_pending_requests'];
  const broken = names.find((name) => {
    const key = `circuit_breakers.${cluster.string('name')}.${priority}.${name}`;
    return runtimeNumber(hop, key, limits?.number(name) ?? 1024) === 0;
  });
  if (broken === undefined) return undefined;
  addStep(hop, {
    stage: 'endpoint',
    decision: say`the circuit breaker lets nothing through`,
    because: say`${broken} is 0 for priority ${priority}`,
    at: limits?.get(broken) ?? cluster,
  });
  if (protocol === 'tcp' || !hop.http) return ending('no_endpoint', { flags: [broken === 'max_connections' ? 'UO' : 'URX'] });
  return answerOverflow(hop, hop.http, broken);
}

function answerOverflow(hop: Hop, http: HttpStream, broken: string): HopResult {
  // The pool tells its host only of a connection that is there (conn_pool_base.cc newStreamImpl).
  if (broken === 'max_pending_requests') http.chosen = undefined;
  const result = localReply(hop, 'no_endpoint', {
    code: 503,
    flags: ['UO'],
    details: 'upstream_reset_before_response_started{overflow}',
    body: 'upstream connect error or disconnect/reset before headers. reset reason: overflow',
  });
  if (!suppressesEnvoyHeaders(http.manager))
    recordHeaderChange(http.responseHeaders, {
      kind: 'add',
      name: 'x-envoy-overloaded',
      value: 'true',
      action: 'OVERWRITE_IF_EXISTS_OR_ADD',
    });
  return result;
}

/** `core.v3.RoutingPriority` of a route's action, or of thresholds. */
function priorityOf(holder: ConfigNode | undefined): 'high' | 'default' {
  return holder?.isEnum('priority', 'HIGH', 1) ? 'high' : 'default';
}

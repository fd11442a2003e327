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

/** Asked once the host is chosen. A pool without any connection makes one whatever `max_connections` says. */
export function breakCircuit(hop: Hop, cluster: ConfigNode, protocol: 'tcp' | 'http'): HopResult | undefined {
  const names = protocol === 'http' ? ['max_requests', 'max_pending_requests'] : ['max_pending_requests'];
  const broken = findBroken(hop, cluster, { priority: protocol === 'http' ? priorityOf(hop.http?.route?.get('route')) : 'default', names });
  if (broken === undefined || typeof broken !== 'string') return broken;
  return protocol === 'tcp' || !hop.http ? ending('no_endpoint', { flags: ['URX'] }) : answerOverflow(hop, hop.http, broken);
}

/** A tcp_proxy asks, before it chooses a host, whether the cluster that it names may have connections. */
export function refuseConnections(hop: Hop, cluster: ConfigNode): HopResult | undefined {
  const broken = findBroken(hop, cluster, { priority: 'default', names: ['max_connections'] });
  return typeof broken === 'string' ? ending('no_endpoint', { flags: ['UO'] }) : broken;
}

/** The name of the limit that is 0. */
function findBroken(
  hop: Hop,
  cluster: ConfigNode,
  { priority, names }: { priority: 'high' | 'default'; names: readonly string[] },
): string | HopResult | undefined {
  const breakers = cluster.get('circuit_breakers');
  if (breakers && keepsBack(breakers))
    return cannotTell(say`whether a limit of cluster ${cluster.string('name')} is 0: the file leaves out a part of circuit_breakers`);
  const limits = (breakers?.list('thresholds') ?? []).find((each) => priorityOf(each) === priority);
  const broken = names.find((name) => {
    const key = `circuit_breakers.${cluster.string('name')}.${priority}.${name}`;
    return runtimeNumber(hop, key, limits?.number(name) ?? 1024) === 0;
  });
  if (broken !== undefined)
    addStep(hop, {
      stage: 'endpoint',
      decision: say`the circuit breaker lets nothing through`,
      because: say`${broken} is 0 for priority ${priority}`,
      at: limits?.get(broken) ?? cluster,
    });
  return broken;
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

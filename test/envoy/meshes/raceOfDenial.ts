/** A denial that comes after the dial: which of the two ends a connection first is chance. */
import type { Trace } from '../../../server/src/protocol/trace';
import type { Observation } from '../../oracles/observation';

/**
 * tcp_proxy connects on while the RBAC before it waits for the client's first bytes; where the next proxy refuses sooner, its refusal closes the
 * connection that RBAC would have closed (Envoy: tcp_proxy.cc onNewConnection, rbac_filter.cc onData). What the trace calls denied is then seen
 * as that denial: nothing came through either way.
 */
export function asDenied(observation: Observation, { paths }: Trace): Observation {
  const [path, another] = paths;
  const isDenied = path !== undefined && another === undefined && path.disposition === 'denied' && path.response?.code === undefined;
  const gotNothing = observation.response?.end === 'closed' && observation.disposition !== 'upstream';
  if (!isDenied || !gotNothing || path.hops.length >= observation.hops.length) return observation;
  const hops = observation.hops.slice(0, path.hops.length);
  return { disposition: 'denied', hops: hops.map((hop, index) => (index === hops.length - 1 ? { ...hop, logged: undefined } : hop)) };
}

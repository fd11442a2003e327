/** What is chance in a mesh: which of two ends comes first. */
import type { Trace } from '../../../server/src/protocol/trace';
import type { Observation, Outcome } from '../../oracles/observation';

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

/** Where a file with a loss does not tell whether tcp_proxy has its cluster, a later filter's refusal is certain all the same: nothing comes through either way. */
export function isRefusedAnyway(outcomes: readonly Outcome[], { paths }: Trace): boolean {
  return (
    paths.every(({ disposition }) => disposition === 'denied') &&
    outcomes.every(({ observation }) => observation.disposition === 'no_cluster')
  );
}

/** Without its endpoints a file tells the name of a host alone: which address DNS gives, and whose that is, nobody can say. */
export function endsAtName({ paths }: Trace): boolean {
  return paths.some(({ disposition, hops }) => disposition === 'upstream' && hops.at(-1)?.endpoint?.address.startsWith('dns:') === true);
}

/**
 * A TLS server answers plaintext by an alert and closes while bytes wait unread: the reset mostly overtakes the alert (503, UC), seldom the sender
 * reads it first (502, UPE: `upstream_reset_before_response_started{protocol_error}`).
 */
export function withoutAlert(observation: Observation): Observation {
  const sender = observation.hops.at(-2)?.logged;
  const isAlert = observation.disposition === 'tls_error' && sender?.flags === 'UPE' && observation.response?.code === 502;
  return isAlert ? { ...observation, response: { ...observation.response, code: 503 } } : observation;
}

/** What a matcher may read: the connection, the request, and an upstream host where a transport socket is chosen. */
import type { ConfigNode, TypedConfig } from '../../schema/configNode';
import type { ConnectionFacts } from '../facts/connection';
import { clientAddress, type PeerAddress } from '../facts/peerAddress';
import type { Hop } from '../hop';
import type { HttpStream } from '../httpStream';
import type { InputReading } from './inputs/inputReading';
import type { PredicateResult } from './predicateResult';

export interface MatchContext {
  readonly hop: Hop;
  readonly connection: ConnectionFacts;
  /** Absent while the connection is matched (filter chains, network filters). */
  readonly http?: HttpStream;
  /** Of the chosen host, for Cluster.transport_socket_matcher: `core.v3.Metadata` of the endpoint and of its locality. */
  readonly endpoint?: { readonly metadata: ConfigNode | undefined; readonly localityMetadata: ConfigNode | undefined };
  /** Envoys before 1.35 commit to the first hit: a nested miss ends the whole evaluation (commit 426cd86118). */
  readonly commitsToFirstHit: boolean;
  /** Reads an input before the known ones are asked; undefined: not its business. */
  readonly readInput?: (input: TypedConfig) => InputReading | undefined;
  /** The same of a `custom_match`, which then reads for itself. */
  readonly testCustom?: (custom: ConfigNode) => PredicateResult | undefined;
}

/** The context of a hop as it is now: with the request once there is one. */
export function matchContextOf(hop: Hop): MatchContext {
  return { hop, connection: hop.connection, ...(hop.http && { http: hop.http }), commitsToFirstHit: commitsToFirstHit(hop) };
}

/** Of a request the stream's remote address counts, of a connection its own. */
export function clientOf({ connection, http, hop }: Pick<MatchContext, 'connection' | 'http' | 'hop'>): PeerAddress {
  return clientAddress({ connection, http, arrival: hop.arrival });
}

/** Unknown versions count as new. */
function commitsToFirstHit({ proxy }: Hop): boolean {
  const version = proxy.proxyNode.version;
  return version !== undefined && (version[0] < 1 || (version[0] === 1 && version[1] < 35));
}

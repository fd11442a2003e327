/** What was seen from outside when a real Envoy served a request: the shapes of `envoy_observed/` and `worlds/` (their READMEs). */
import type { TraceRequest } from '../../server/src/protocol/trace';

/** One way in which a request ended, and how often. */
export interface Outcome {
  readonly count: number;
  readonly observation: Observation;
}

export interface Observation {
  /** A disposition of the contract, or one of the observer's own words (`lua_response`, `upstream_failure`, `local_reply:…`). */
  readonly disposition: string;
  readonly response?: ObservedResponse;
  readonly hops: readonly ObservedHop[];
  /** The innermost answer of a tunnel. */
  readonly inner?: { readonly status?: number; readonly body?: string; readonly end?: string };
}

export interface ObservedResponse {
  readonly code?: number;
  readonly flags?: readonly string[];
  readonly details?: string;
  readonly location?: string;
  readonly body?: string;
  /** What the client got, and what the upstream had sent, where the observer knows both. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly sent?: readonly (readonly [string, string])[];
  /** The CONNECT's own answer. */
  readonly connectCode?: number;
  /** How the client's connection ended. Example: `closed` */
  readonly end?: string;
}

export interface ObservedHop {
  readonly kind?: string;
  readonly proxy?: string;
  readonly downstream?: ObservedConnection;
  readonly listener?: string;
  readonly acceptedBy?: string;
  readonly filterChain?: { readonly name: string; readonly index: number | null };
  readonly protocol?: string;
  readonly terminatesTunnel?: boolean;
  readonly routeConfiguration?: string;
  readonly virtualHost?: string;
  readonly route?: { readonly name: string; readonly index: number; readonly pointer?: string };
  readonly virtualCluster?: string;
  readonly cluster?: string;
  readonly endpoint?: { readonly address: string };
  readonly upstream?: ObservedUpstream;
  readonly logged?: ObservedLog;
  /** What the hop certainly had none of: the names of fields that its log left empty. */
  readonly none?: readonly AbsentField[];
  readonly mirrors_seen?: readonly string[];
  /** The clusters that got a copy, all of them; sorted. */
  readonly mirrored?: readonly string[];
}

export type AbsentField = 'filterChain' | 'route' | 'virtualHost' | 'virtualCluster' | 'cluster' | 'endpoint';

export interface ObservedUpstream extends ObservedConnection {
  readonly tunnel?: ObservedHttp;
  /** A forward proxy that the connection went to instead of the endpoint. */
  readonly through?: string;
}

export interface ObservedLog {
  readonly code?: number;
  /** As Envoy logs them, in one string. Example: `UF,URX` */
  readonly flags?: string;
  readonly details?: string;
  readonly termination?: string;
  /** Means something only where the handshake failed. */
  readonly downstreamFailure?: string;
}

export interface ObservedConnection {
  readonly destination?: string;
  readonly source?: string;
  readonly transport?: string;
  readonly sni?: string | null;
  readonly alpn?: readonly string[];
  readonly principals?: readonly string[];
  readonly http?: ObservedHttp;
}

export interface ObservedHttp {
  readonly version?: string;
  readonly method?: string;
  readonly scheme?: string;
  readonly authority?: string;
  readonly path?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** The headers hold what the proxies write of themselves, too: timeouts, attempts, who sent it. */
  readonly hasVolatile?: true;
}

/** A request that was sent `repeat` times, and everything that came of it. */
export interface ObservedRequest {
  readonly name: string;
  readonly about?: string;
  readonly request: TraceRequest;
  readonly repeat: number;
  readonly outcomes: readonly Outcome[];
}

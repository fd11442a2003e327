/** The trace contract, version 1: what a trace is asked and what it answers. A leaf: imports nothing. */

/** A request to trace. Everything absent is left to the rules of docs/trace.md. */
export interface TraceRequest {
  start?: {
    /** Node id, or a file. Example: `sidecar~10.4.0.5~productpage-v1.default~default.svc.cluster.local` */
    proxy?: string;
    /** The listener that accepts the connection; a hand-over to another by original destination still runs. */
    listener?: string;
    /** "Trace from here" in the middle: earlier stages are reported as assumed. */
    at?: { uri: string; pointer: string };
  };
  connection: RequestConnection;
  /** Absent: a plain TCP connection. */
  http?: RequestHttp;
  /** What is said inside the tunnel when `http.method` is CONNECT; absent: raw bytes. */
  inner?: InnerRequest;
  /** The number that Envoy would draw for weights and fractions; absent: every branch. It does not pin endpoints. */
  random?: number;
  runtime?: Record<string, number | string | boolean>;
  /** When the request comes, in RFC 3339; absent: nobody knows, and tokens that end or begin some time stay open. Example: `2026-03-01T12:00:00Z` */
  time?: string;
}

export interface RequestConnection {
  /** The original destination. Example: `10.96.183.192:9080`; IPv6 as `[::1]:80`. */
  destination?: string;
  /** Example: `10.244.2.3` or `10.244.2.3:41000`. */
  source?: string;
  /** The socket peer, where a proxy protocol or XFF says otherwise. */
  directSource?: string;
  /** Which way the connection was intercepted. */
  capture?: Capture;
  /** What the client's bytes are; default `raw_buffer`, `tls` when `sni` or a peer is given. */
  transport?: 'raw_buffer' | 'tls' | 'quic';
  sni?: string;
  alpn?: string[];
  /** URI SANs of the client certificate (mTLS). */
  peerPrincipals?: string[];
  /** All that the client certificate says beside its URIs; absent: nobody knows, and rules that ask for it stay open. */
  peerNames?: PeerNames;
  /** What an internal connection brings along: dynamic metadata by namespace. */
  metadata?: Record<string, unknown>;
  filterState?: Record<string, string>;
}

/** What is left out is not in the certificate. */
export interface PeerNames {
  dns?: string[];
  ips?: string[];
  emails?: string[];
  /** As Envoy prints it (RFC 2253), the last part first. Example: `CN=web,O=Shop` */
  subject?: string;
}

export type Capture = 'outbound' | 'inbound' | 'none';

export interface RequestHttp {
  version: 'http1' | 'http2' | 'http3';
  method: string;
  scheme: 'http' | 'https';
  authority: string;
  path: string;
  headers: [name: string, value: string][];
}

export interface InnerRequest {
  connection?: { transport?: string; sni?: string; alpn?: string[] };
  http?: RequestHttp;
  inner?: InnerRequest;
}

/** The answer: every path that the request can take. */
export interface Trace {
  version: 1;
  request: TraceRequest;
  paths: TracePath[];
  /** True when paths were left out; `notes` says how many. */
  truncated: boolean;
  notes: string[];
}

export interface TracePath {
  /** Product of the known factors of `branches`; null where one is unknown. */
  probability: number | null;
  branches: TraceBranch[];
  disposition: Disposition;
  /** What the client of the innermost request gets, in Envoy's own words; flags are those of the hop that fails. */
  response?: TraceResponse;
  /** `insufficient_info`: what one would have to know, and how to get it. */
  missing?: string[];
  hops: TraceHop[];
}

export interface TraceBranch {
  kind: BranchKind;
  value: string;
  probability: number | null;
  at?: Location;
}

export type BranchKind = 'weight' | 'fraction' | 'priority' | 'locality' | 'endpoint';

export interface TraceResponse {
  code?: number;
  flags?: string[];
  details?: string;
  location?: string;
  body?: string;
  headers?: HeaderChanges;
  /** `body` where there is one that the files do not tell: it is kept back, lies in another file, or is made of what only the running Envoy knows. */
  unknown?: string[];
}

export interface HeaderChanges {
  set: [string, string][];
  append: [string, string][];
  remove: string[];
  /** Names in `set` and `append` whose value is known at run time only, or which are written only if the upstream's answer has (or lacks) them. `*`: which others change is not known. */
  uncertain?: string[];
}

export type Disposition =
  | 'upstream'
  | 'direct_response'
  | 'redirect'
  | 'local_reply'
  | 'denied'
  | 'bad_request'
  | 'no_listener'
  | 'no_filter_chain'
  | 'no_route'
  | 'no_cluster'
  | 'no_endpoint'
  | 'tls_error'
  | 'protocol_error'
  | 'closed'
  | 'loop'
  | 'config_rejected'
  | 'insufficient_info';

export interface TraceHop {
  kind: 'envoy' | 'ztunnel';
  /** Node id. */
  proxy: string;
  /** What arrived, after the listener filters. */
  downstream: TraceConnection;
  /** The listener whose filter chain serves the connection. */
  listener?: string;
  /** The listener that accepted it, when it handed the connection over (use_original_dst). */
  acceptedBy?: string;
  /** index null: default_filter_chain. */
  filterChain?: { name: string; index: number | null };
  protocol?: 'tcp' | 'http1' | 'http2' | 'http3';
  /** A CONNECT ends here and its content goes on. */
  terminatesTunnel?: boolean;
  routeConfiguration?: string;
  virtualHost?: string;
  route?: { name: string; index: number };
  virtualCluster?: string;
  /** Of this hop's own (outer) request, where it differs from the path's: CONNECT 200. */
  response?: { code?: number; flags?: string[]; details?: string };
  cluster?: string;
  /** The cluster chosen inside an aggregate. */
  member?: string;
  /** Of a ztunnel: the service that is asked for. Example: `reviews.default.svc.cluster.local` */
  service?: string;
  /** Of a ztunnel: the workload that the connection goes to next, or that it was made for. Example: `default/reviews-v1-7d9f` */
  workload?: string;
  /** Of a ztunnel: that workload is not the one asked for, but stands before it. */
  through?: 'waypoint' | 'network_gateway';
  endpoint?: TraceEndpoint;
  /** What is sent on. */
  upstream?: TraceUpstream;
  /** Named, not followed. */
  mirrors?: { cluster: string; probability: number | null }[];
  steps: TraceStep[];
}

export interface TraceEndpoint {
  /** `10.4.0.5:9080`, `/run/x.sock`, `internal:LISTENER/ENDPOINT_ID`, `dns:host:port`. */
  address: string;
  health?: EndpointHealth;
  priority?: number;
  locality?: string;
  weight?: number;
  /** Who probably stands there, when no open file shows it: `ztunnel of 10.4.0.5 (HBONE)`. */
  unseen?: string;
}

export type EndpointHealth = 'HEALTHY' | 'UNHEALTHY' | 'DRAINING' | 'TIMEOUT' | 'DEGRADED' | 'UNKNOWN';

export interface TraceConnection {
  destination?: string;
  source?: string;
  directSource?: string;
  transport?: string;
  sni?: string;
  alpn?: string[];
  /** What is not known, because the file has lost or keeps back a part of the TLS settings, or the whole transport socket. */
  unknown?: ('sni' | 'alpn' | 'transport')[];
  /** Identities of the certificate that the sender presents. */
  principals?: string[];
  http?: TraceHttp;
  /** Only what later stages read. */
  metadata?: Record<string, unknown>;
  filterState?: Record<string, string>;
}

export interface TraceHttp {
  version: string;
  method: string;
  scheme?: string;
  authority: string;
  path: string;
  headers: [string, string][];
  /** Names of those headers whose value only the running Envoy knows; what stands there is the format, or `?`. `*`: the file has lost which headers are changed. */
  unknownHeaders?: string[];
}

export interface TraceUpstream extends TraceConnection {
  tunnel?: {
    method: string;
    authority: string;
    path?: string;
    version?: string;
    headers: [string, string][];
    /** Of the headers that are sent those whose value only the running proxy knows. */
    unknownHeaders?: string[];
  };
  expectedPeers?: string[];
  /** A forward proxy that the connection goes to instead of the endpoint; with `tunnel` where it is asked for a tunnel to it. Example: `10.4.0.9:3128` */
  through?: string;
}

export type Stage =
  | 'listener'
  | 'listener_filter'
  | 'filter_chain'
  | 'transport_socket'
  | 'network_filter'
  | 'http_connection'
  | 'route_configuration'
  | 'virtual_host'
  | 'route'
  | 'http_filter'
  | 'cluster'
  | 'priority'
  | 'endpoint'
  | 'upstream'
  | 'internal_connection'
  | 'next_proxy'
  | 'workload'
  | 'service'
  | 'policy';

export interface TraceStep {
  stage: Stage;
  /** One short sentence, the names in it in backticks. */
  decision: string;
  because: string;
  /** Taken for granted because the trace began further down. */
  assumed?: boolean;
  /** On the way of the answer: how the path ends was decided before. */
  onAnswer?: boolean;
  /** The place in the file that decided. */
  at?: Location;
  /** The resource that made that place, where Istio's metadata tell. Example: `VirtualService default/reviews` */
  madeBy?: string;
  /** Each with its FIRST condition that failed; at most 100. */
  rejected: RejectedCandidate[];
  rejectedTotal: number;
}

export interface RejectedCandidate {
  candidate: string;
  because: string;
  at?: Location;
}

/** 1-based lines, columns in UTF-16 units; `pointer` is RFC 6901 over decoded keys; `document` counts the documents of a YAML stream. */
export interface Location {
  uri: string;
  pointer: string;
  document?: number;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

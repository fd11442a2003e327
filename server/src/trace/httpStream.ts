/** One HTTP request inside the connection manager: what the filters and the router share. */
import type { Address } from '../model/address';
import type { ConfigNode } from '../schema/configNode';
import type { Host } from './cluster/discovery/host';
import type { Disposition, HeaderChanges } from '../protocol/trace';
import type { FilterStateValue } from './facts/connection';
import { copyHttpRequest, type HttpRequest } from './facts/httpRequest';
import type { NotKnown } from './facts/notKnown';
import type { EndingResponse } from './record/hopRecord';
import type { Sentence } from './record/sentence';
import type { Fraction } from './runtime/runtimeReading';

/** The answer when filters see it. */
export interface StreamAnswer {
  /** Envoy's own: a local reply, a direct response, a redirect. */
  readonly isLocal: boolean;
  /** Known where it is Envoy's own. */
  code: number | undefined;
  details: string | undefined;
  readonly flags?: readonly string[];
  /** Of Envoy's own answer, before gRPC made 200 of it or a filter changed the status: the stream's information keeps it. */
  readonly ownCode?: number;
  /** The stream's information has its code: not yet where the route changes the headers of Envoy's own answer. */
  readonly hasCode?: boolean;
  /** Whether an answer of Envoy's own has a `location` before anybody changes its headers. */
  readonly hasLocation?: boolean;
  /** Put together: filters see it. */
  readonly isComplete?: boolean;
  body?: string;
  /** Another answer of Envoy's own in its place; filters that come later do not see it. */
  replacement?: EndingResponse;
  /** It is that of a filter which failed: nothing is left of what Envoy has answered before. */
  isError?: boolean;
  /** Another answer stands in its place, which the files do not tell. */
  doubt?: Sentence;
}

/** The answer is to be fetched, or was, in place of one of Envoy's own: a policy of custom_response says so. */
export interface FetchedAnswer {
  readonly policy: ConfigNode;
  /** Of the answer that is replaced. */
  readonly code: number;
  readonly request: HttpRequest;
  /** How many steps were taken before. */
  readonly steps: number;
}

/** The host that was chosen, as format strings of the answer tell it. */
export interface ChosenUpstream {
  readonly address: Address;
  /** undefined: no endpoint of the files (ORIGINAL_DST, dynamic forward proxy). */
  readonly host: Host | undefined;
  /** undefined: as the server's ALPN says. */
  readonly version: HttpRequest['version'] | undefined;
  readonly isTls: boolean;
  readonly sni: string | undefined;
}

/** How often the router sends a request again at most, and on what. */
export interface Retries {
  /** undefined: a header says so that only the running Envoy knows. */
  readonly most: number | undefined;
  readonly on: readonly string[];
}

export interface HttpStream {
  /** HttpConnectionManager. */
  readonly manager: ConfigNode;
  /** As filters and the router change it. */
  readonly request: HttpRequest;
  /** `x-forwarded-proto` as Envoy sees it after its header rules. */
  forwardedProto: string;
  /** An HTTP/1 request whose target is a whole URL brings its own scheme; others take it from x-forwarded-proto. */
  readonly bringsScheme?: boolean;
  /** Whether the client speaks gRPC, by its headers as they came: what filters make of them does not count. Absent: by those of now. */
  readonly isGrpc?: boolean;
  /** `x-envoy-internal`. */
  internal: boolean;
  /** The stream's remote address where X-Forwarded-For or original IP detection changed it; absent: the connection's. `unknown`: by a header whose value is not known. */
  remote?: { readonly ip: string; readonly port: number | undefined } | 'unknown';
  /** Dynamic metadata of the request, by namespace. The connection's is apart: HTTP filters and routes do not see it. */
  readonly metadata: Map<string, unknown>;
  /** `accept-encoding` as the first compressor has seen it: later ones may have taken it away. */
  acceptEncoding?: string | NotKnown;
  /** The connection's filter state and what HTTP filters add. */
  readonly filterState: Map<string, FilterStateValue>;
  /** Response flags that stay whatever the answer is. */
  flags?: readonly string[];
  /** What the configuration does to the response's headers. */
  readonly responseHeaders: HeaderChanges;
  /** The code until there is an answer: 100 where the client was told to go on with its body (`expect: 100-continue`). Absent: 0. */
  codeBefore?: number;
  /** Since the answer is on its way back. */
  answer?: StreamAnswer;
  /** The request has come to custom_response: it may fetch another answer. */
  mayFetch?: boolean;
  /** The request is to be made again, for another answer. */
  fetch?: FetchedAnswer;
  /** This request was made for it. */
  fetched?: FetchedAnswer;
  /** Since the router has chosen one. */
  chosen?: ChosenUpstream;
  /** Its filters run for this host: they see it before it answers. */
  seesHost?: boolean;
  /** What a filter answers to the body, once the request's headers have reached the router. */
  bodyRefusal?: { readonly disposition: Disposition; readonly code: number; readonly details: string; readonly body: string };
  /** A route that was chosen says how long the stream may last. */
  isLimited?: boolean;
  /** The host for which dynamic_forward_proxy has made a cluster. Example: `a.test:443` */
  subCluster?: string;
  /** Requests that the router has sent; absent: none. */
  attempts?: number;
  /** By an answer that is no success the router may send it again: only the running Envoy knows how often. Absent: it does not. */
  retries?: Retries;
  /** The route has made its changes of the response's headers. */
  hasRouteHeaders?: boolean;
  /** What branches have told of the request's random number; absent: nothing. */
  random?: StreamRandom;
  /** Another rule for the fractions of routes (router_check_tool has its own); absent: the runtime's. */
  readFraction?: (node: ConfigNode) => Fraction;
  /** The port that host normalisation took off a CONNECT; it comes back when the request is forwarded. */
  connectPort?: number;
  /** Filters in place of the manager's own: those of the upgrade that the request asks for (`upgrade_configs[].filters`). */
  httpFilters?: readonly ConfigNode[];
  /** `require_tls` of the virtual host: the router answers with a redirect to https. */
  redirectsToTls?: boolean;
  routeConfiguration?: ConfigNode;
  virtualHost?: ConfigNode;
  route?: ConfigNode;
  /** A filter has forgotten the route: whoever asks next has it looked up, by the request as it is then. */
  hasStaleRoute?: boolean;
  /** A filter sends the request to the cluster by itself: neither later filters nor the router see it. */
  isSentByFilter?: boolean;
  /** The entry of `weighted_clusters` that was drawn. */
  clusterWeight?: ConfigNode;
  /** The cluster that the route names; filters such as fault read it. */
  clusterName?: string;
}

/** A copy that shares nothing that filters or the router change in place: all else is put in the place of what was there. */
export function copyStream(http: HttpStream): HttpStream {
  const { set, append, remove, uncertain } = http.responseHeaders;
  const copyLine = ([name, value]: [string, string]): [string, string] => [name, value];
  return {
    ...http,
    request: copyHttpRequest(http.request),
    metadata: new Map(http.metadata),
    filterState: new Map(http.filterState),
    responseHeaders: {
      set: set.map(copyLine),
      append: append.map(copyLine),
      remove: [...remove],
      ...(uncertain && { uncertain: [...uncertain] }),
    },
    ...(http.answer && { answer: { ...http.answer } }),
  };
}

/** What is known of the number so far: modulo `modulus` it lies in one of the `intervals` (from inclusive, to exclusive, in order). */
export interface StreamRandom {
  readonly modulus: number;
  readonly intervals: readonly (readonly [from: number, to: number])[];
}

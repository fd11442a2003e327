/** Traces an HTTP request through one listener whose route configuration (and manager) stand in the test as YAML. */
import type { RequestConnection, RequestHttp, Trace, TraceRequest } from '../../../../server/src/protocol/trace';
import { GET, indent, traceOf } from '../support/traceOf';

export interface HttpFixture {
  /** Fields of the RouteConfiguration. */
  readonly routes: string;
  /** More fields of the connection manager. */
  readonly manager?: string;
  readonly clusters?: readonly string[];
  /** Entries of `clusters` beside those, indented by two. */
  readonly extraClusters?: string;
  /** More fields of the bootstrap. */
  readonly bootstrap?: string;
}

export interface HttpCall extends Partial<Omit<RequestHttp, 'headers'>> {
  readonly headers?: Record<string, string> | [string, string][];
  readonly connection?: RequestConnection;
  readonly random?: number;
  readonly runtime?: TraceRequest['runtime'];
  readonly inner?: TraceRequest['inner'];
}

export function httpTrace(fixture: HttpFixture, call: HttpCall = {}): Trace {
  const { headers = {}, connection, random, runtime, inner, ...http } = call;
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  const request: TraceRequest = {
    connection: { destination: '10.0.0.1:80', source: '10.9.9.9:40000', ...connection },
    http: { ...GET, ...http, headers: pairs },
    ...(random !== undefined && { random }),
    ...(runtime && { runtime }),
    ...(inner && { inner }),
  };
  return traceOf(bootstrapOf(fixture), request);
}

function bootstrapOf({ routes, manager = '', clusters = ['a', 'b', 'c'], bootstrap = '', extraClusters = '' }: HttpFixture): string {
  return `
${bootstrap}
static_resources:
  listeners:
  - name: l
    address: {socket_address: {address: 0.0.0.0, port_value: 80}}
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: http
${indent(manager, 10)}
          route_config:
${indent(routes, 12)}
          http_filters:
          - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
  clusters:
${clusters.map(clusterOf).join('')}${extraClusters}`;
}

function clusterOf(name: string, index: number): string {
  const address = `{endpoint: {address: {socket_address: {address: 10.50.0.${index + 1}, port_value: 80}}}}`;
  return `  - {name: ${name}, type: STATIC, load_assignment: {cluster_name: ${name}, endpoints: [{lb_endpoints: [${address}]}]}}\n`;
}

/** Traces an HTTP request through filters that stand in the test as objects; the router ends the list. */
import type { RequestConnection, RequestHttp, Trace, TraceHop, TracePath, TraceRequest } from '../../../../server/src/protocol/trace';
import { GET, hopOf, onlyPath, stepsOf, traceOf } from '../support/traceOf';

const TYPE = 'type.googleapis.com/';
export const FILTERS = 'envoy.extensions.filters.http.';

type Fields = Readonly<Record<string, unknown>>;

/** `{name, typed_config}`; `type` is `cors.v3.Cors`, or a full name. */
export function filter(name: string, type: string, config: Fields = {}, more: Fields = {}): Fields {
  return { name, typed_config: any(type, config), ...more };
}

/** An `Any`. */
export function any(type: string, config: Fields = {}): Fields {
  return { '@type': TYPE + (/^(?:envoy|xds|google|istio|io|stats)\./.test(type) ? type : FILTERS + type), ...config };
}

export interface FilterFixture {
  readonly filters: readonly Fields[];
  readonly route?: Fields;
  /** In place of the one route `r` to cluster `a`. */
  readonly routes?: readonly Fields[];
  readonly virtualHost?: Fields;
  readonly routeConfiguration?: Fields;
  readonly manager?: Fields;
  readonly clusters?: readonly Fields[];
  readonly withoutRouter?: boolean;
}

export interface FilterCall extends Partial<Omit<RequestHttp, 'headers'>>, Pick<TraceRequest, 'random' | 'runtime' | 'time'> {
  readonly headers?: Readonly<Record<string, string>> | [string, string][];
  readonly connection?: RequestConnection;
}

export function filterTrace(fixture: FilterFixture, call: FilterCall = {}): Trace {
  const { headers = {}, connection, random, runtime, time, ...http } = call;
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  return traceOf(
    { '/w/envoy.json': JSON.stringify(bootstrapOf(fixture)) },
    {
      connection: { destination: '10.0.0.1:80', source: '10.9.9.9:40000', ...connection },
      http: { ...GET, ...http, headers: pairs },
      ...(random !== undefined && { random }),
      ...(runtime && { runtime }),
      ...(time !== undefined && { time }),
    },
  );
}

/** The only path of it. */
export function filterPath(fixture: FilterFixture, call: FilterCall = {}): TracePath {
  return onlyPath(filterTrace(fixture, call));
}

/** What became of the request, shortly: `upstream a`, `403 details`, `insufficient_info`. */
export function fateOf(path: TracePath): string {
  if (path.disposition === 'upstream') return `upstream ${hopOf(path).cluster ?? ''}`;
  if (path.response?.code === undefined) return path.disposition;
  return `${path.disposition} ${path.response.code} ${path.response.details ?? ''}`.trim();
}

export function fate(fixture: FilterFixture, call: FilterCall = {}): string {
  return fateOf(filterPath(fixture, call));
}

/** The steps of the HTTP filters. */
export function filterSteps(path: TracePath): TraceHop['steps'] {
  return stepsOf(hopOf(path), 'http_filter');
}

/** The first value of a header that is sent on. */
export function sentHeader(path: TracePath, name: string): string | undefined {
  return hopOf(path).upstream?.http?.headers.find(([each]) => each === name)?.[1];
}

function bootstrapOf(fixture: FilterFixture): Fields {
  const { filters, route, virtualHost, routeConfiguration, manager, clusters = [], withoutRouter } = fixture;
  const routes = fixture.routes ?? [{ name: 'r', match: { prefix: '/' }, route: { cluster: 'a' }, ...route }];
  const router = filter('router', 'router.v3.Router');
  const config = any('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'http',
    route_config: { name: 'rc', virtual_hosts: [{ name: 'v', domains: ['*'], routes, ...virtualHost }], ...routeConfiguration },
    http_filters: withoutRouter === true ? filters : [...filters, router],
    ...manager,
  });
  const listener = {
    name: 'l',
    address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
    filter_chains: [{ filters: [{ name: 'http', typed_config: config }] }],
  };
  return { static_resources: { listeners: [listener], clusters: [...['a', 'b'].map(clusterOf), ...clusters] } };
}

function clusterOf(name: string, index: number): Fields {
  const address = { socket_address: { address: `10.50.0.${index + 1}`, port_value: 80 } };
  return { name, type: 'STATIC', load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] } };
}

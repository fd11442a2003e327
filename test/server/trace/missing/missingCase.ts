/** What a file does not tell, and the least that makes it tell: the shape of the cases, and a small world to write them in. */
import type { RequestConnection, RequestHttp, TraceRequest } from '../../../../server/src/protocol/trace';
import { any, filter } from '../httpFilters/filterTrace';
import { GET } from '../support/traceOf';

export type Fields = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly files: Readonly<Record<string, string>>;
  readonly request: TraceRequest;
}

export interface MissingCase {
  readonly name: string;
  /** Ends as `insufficient_info`. */
  readonly without: Asked;
  /** The same with the least addition; does not. */
  readonly plus: Asked;
  /** What it becomes then. */
  readonly becomes: string;
}

/** Stands in an object for what the file has lost there. */
export const CUT = '@cut';

export interface World {
  readonly listener?: Fields;
  readonly chain?: Fields;
  readonly chains?: readonly Fields[];
  /** Network filters; the connection manager where none are given. */
  readonly network?: readonly unknown[];
  readonly manager?: Fields;
  readonly http?: readonly unknown[];
  readonly routeConfiguration?: Fields;
  readonly virtualHost?: Fields;
  readonly routes?: readonly unknown[];
  readonly clusters?: readonly Fields[];
  readonly more?: Fields;
  readonly listeners?: readonly Fields[];
  readonly secrets?: readonly Fields[];
  /** Files beside the bootstrap. */
  readonly files?: Readonly<Record<string, unknown>>;
}

export const ROUTE: Fields = { name: 'r', match: { prefix: '/' }, route: { cluster: 'a' } };

export function cluster(name: string, fields: Fields = {}): Fields {
  const address = { socket_address: { address: '10.50.0.1', port_value: 80 } };
  return { name, load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] }, ...fields };
}

export function manager({ manager: fields, http = [], routes = [ROUTE], virtualHost, routeConfiguration }: World): Fields {
  const hosts = [{ name: 'v', domains: ['*'], routes, ...virtualHost }];
  return filter('http', 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'h',
    route_config: { name: 'rc', virtual_hosts: hosts, ...routeConfiguration },
    http_filters: [...http, filter('router', 'router.v3.Router')],
    ...fields,
  });
}

/** A bootstrap: one listener at port 80, cluster `a`. */
export function world(given: World): Readonly<Record<string, string>> {
  const chain = { filters: given.network ?? [manager(given)], ...given.chain };
  const listener = {
    name: 'l',
    address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
    filter_chains: given.chains ?? [chain],
    ...given.listener,
  };
  const bootstrap = {
    node: { id: 'proxy' },
    static_resources: {
      listeners: [listener, ...(given.listeners ?? [])],
      clusters: [cluster('a'), ...(given.clusters ?? [])],
      ...(given.secrets && { secrets: given.secrets }),
    },
    ...given.more,
  };
  const files = Object.entries(given.files ?? {}).map(([name, content]) => [`/w/${name}`, textOf(content)]);
  return { '/w/envoy.json': textOf(bootstrap), ...(Object.fromEntries(files) as Record<string, string>) };
}

/** A config_dump of sections by their short types. */
export function dump(sections: Readonly<Record<string, Fields>>): Readonly<Record<string, string>> {
  const configs = Object.entries(sections).map(([type, fields]) => ({ '@type': `type.googleapis.com/envoy.admin.v3.${type}`, ...fields }));
  return { '/w/dump.json': textOf({ configs }) };
}

/** What is lost is written as people shorten it: `{...}`, `[...]`, or dots among others. */
export function textOf(content: unknown): string {
  return JSON.stringify(content).replaceAll(`"${LOST}":"${CUT}"`, '...').replaceAll(`"${REST}"`, '...').replaceAll(`"${CUT}"`, '{...}');
}

/** In an object: the file has lost members of it. */
export const LOST = '@lost';
/** In a list: the file has lost items of it. */
export const REST = '@rest';

export interface Call extends Partial<Omit<RequestHttp, 'headers'>> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly connection?: RequestConnection;
  readonly isTcp?: boolean;
  readonly request?: Partial<TraceRequest>;
}

export function call({ headers = {}, connection, isTcp, request, ...http }: Call = {}): TraceRequest {
  return {
    connection: { destination: '10.0.0.1:80', source: '10.9.9.9:40000', ...connection },
    ...(isTcp === true ? {} : { http: { ...GET, ...http, headers: Object.entries(headers) } }),
    ...request,
  };
}

interface Change {
  readonly world?: World;
  readonly call?: Call;
}

/** Most cases: one world, and what is added to it or to the request. */
export function missing(name: string, without: Change, plus: Change, becomes = 'upstream'): MissingCase {
  return {
    name,
    without: { files: world(without.world ?? {}), request: call(without.call) },
    plus: { files: world(plus.world ?? without.world ?? {}), request: call(plus.call ?? without.call) },
    becomes,
  };
}

export { any, filter };

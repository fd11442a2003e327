/** Traces a request through a manager with one route to the cluster `c`, whose hosts stand in the test. */
import type { RequestHttp, Trace } from '../../../../server/src/protocol/trace';
import { traceOf } from '../support/traceOf';

const HCM = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const ROUTER = 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router';

export type Endpoint = { ip: string; health?: string; weight?: number; lb?: object; match?: object };

function lbEndpoint({ ip, health, weight, lb, match }: Endpoint): object {
  const filter_metadata = { ...(lb && { 'envoy.lb': lb }), ...(match && { 'envoy.transport_socket_match': match }) };
  return {
    endpoint: { address: { socket_address: { address: ip, port_value: 80 } } },
    ...(health && { health_status: health }),
    ...(weight && { load_balancing_weight: weight }),
    ...(Object.keys(filter_metadata).length > 0 && { metadata: { filter_metadata } }),
  };
}

export const group = (endpoints: Endpoint[], more: object = {}): object => ({ lb_endpoints: endpoints.map(lbEndpoint), ...more });
export const cluster = (groups: object[], more: object = {}): object => ({
  name: 'c',
  load_assignment: { cluster_name: 'c', endpoints: groups },
  ...more,
});

export function bootstrap(clusters: object[], route: object = {}, more: object = {}): string {
  const route_config = {
    name: 'r',
    virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c', ...route } }] }],
  };
  const manager = { '@type': HCM, stat_prefix: 'h', route_config, http_filters: [{ name: 'router', typed_config: { '@type': ROUTER } }] };
  const listener = {
    name: 'l',
    address: { socket_address: { address: '0.0.0.0', port_value: 8080 } },
    filter_chains: [{ filters: [{ name: 'h', typed_config: manager }] }],
  };
  return JSON.stringify({ static_resources: { listeners: [listener], clusters }, ...more });
}

export function trace(files: string | Record<string, string>, http: Partial<RequestHttp> = {}, more: object = {}): Trace {
  const request = {
    version: 'http1' as const,
    method: 'GET',
    scheme: 'http' as const,
    authority: 'a.test',
    path: '/',
    headers: [],
    ...http,
  };
  return traceOf(files, { connection: { destination: '10.0.0.1:8080' }, http: request, ...more });
}

/** Each path as `disposition address share`. */
export function ways(result: Trace): string[] {
  return result.paths.map(({ disposition, probability, hops }) =>
    [disposition, hops.at(-1)?.endpoint?.address ?? '-', probability === null ? '?' : Number(probability.toFixed(3))].join(' '),
  );
}

export const web: Endpoint[] = [{ ip: '10.1.0.1' }, { ip: '10.1.0.2' }];

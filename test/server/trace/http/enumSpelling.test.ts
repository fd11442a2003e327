/** Names of enum values in any case, as Envoy reads them (observed: 1.40 takes this file). */
import { describe, expect, test } from 'vitest';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';

const TYPE = 'type.googleapis.com/envoy.extensions.filters';
const config = (host: string, type = 'strict_dns'): string => `
static_resources:
  listeners:
  - name: l
    address: {socket_address: {address: 0.0.0.0, port_value: 80, protocol: tcp}}
    filter_chains:
    - filters:
      - name: h
        typed_config:
          '@type': ${TYPE}.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: h
          codec_type: http1
          route_config: {virtual_hosts: [{name: v, domains: ['*'], ${host}}]}
          http_filters: [{name: r, typed_config: {'@type': ${TYPE}.http.router.v3.Router}}]
  clusters:
  - name: c
    type: ${type}
    lb_policy: round_robin
    load_assignment:
      cluster_name: c
      endpoints:
      - lb_endpoints:
        - {health_status: unhealthy, endpoint: {address: {socket_address: {address: 10.1.0.1, port_value: 80}}}}
        - {health_status: healthy, endpoint: {address: {socket_address: {address: 10.1.0.2, port_value: 80}}}}
`;
const send = (text: string, version: 'http1' | 'http2' = 'http1') =>
  onlyPath(traceOf(text, { connection: { destination: '10.0.0.1:80', source: '10.9.9.9' }, http: { ...GET, version } }));

const TO_CLUSTER = 'routes: [{match: {prefix: /}, route: {cluster: c}}]';

describe('names of enum values in lower case', () => {
  test('of a cluster and its hosts', () => {
    expect(hopOf(send(config(TO_CLUSTER, 'static'))).endpoint?.address).toBe('10.1.0.2:80');
    expect(send(config(TO_CLUSTER)).disposition).toBe('upstream');
  });

  test('of a redirect', () => {
    const redirect = 'routes: [{match: {prefix: /}, redirect: {host_redirect: x, response_code: permanent_redirect}}]';
    expect(send(config(redirect)).response?.code).toBe(308);
    expect(send(config(`require_tls: all, ${TO_CLUSTER}`)).response).toMatchObject({ code: 301, location: 'https://a.test/' });
  });

  test('of the codec', () => {
    expect(send(config(TO_CLUSTER), 'http2').disposition).toBe('protocol_error');
  });
});

/** OAuth2's headers, header validators, and messages of HTTP routes in other protocols (each asked of `envoy --mode validate`). */
import { describe, expect, test } from 'vitest';
import { checkDiagnostic } from '../../../support/check';
import { cluster, listener } from './configurations';
import { checkRefusals, extension, refusals } from './refusals';

const TYPE = 'type.googleapis.com/envoy.extensions';
const MANAGER = `"@type": ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h`;
const manager = (fields: string): string =>
  listener(`    filter_chains: [{ filters: [{ name: h, typed_config: { ${MANAGER}, ${fields} } }] }]`);

describe('who has the header `authorization`', () => {
  const login = (fields: string): void =>
    checkDiagnostic(
      'extension-settings',
      manager(`http_filters: [{ name: o, typed_config: { "@type": ${TYPE}.filters.http.oauth2.v3.OAuth2, config: { ${fields} } } }]`),
    );
  test('one at most', () => {
    login('forward_bearer_token: true, preserve_authorization_header: ‹|true|›');
    login('forward_bearer_token: true, forward_id_token: { header: ‹|Authorization|› }');
    login('forward_id_token: { header: authorization }, preserve_authorization_header: ‹|true|›');
    login('forward_id_token: { header: authorization }, forward_bearer_token: false');
    login('forward_id_token: { header: x-id }, forward_bearer_token: true');
  });
  test('the ID token in a header that may not be changed', () => {
    login('forward_id_token: { header: ‹|Host|› }');
    login('forward_id_token: { header: ‹|":path"|› }');
  });
  test('the ID token in a header that lets requests pass', () => {
    login('forward_id_token: { header: X-Id }, pass_through_matcher: [{ ‹|name|›: x-id, present_match: true }]');
    login('forward_id_token: { header: x-id }, pass_through_matcher: [{ name: x-other, present_match: true }]');
  });
});

describe('header validators', () => {
  const VALIDATOR = `{ name: v, typed_config: { "@type": ${TYPE}.http.header_validators.envoy_default.v3.HeaderValidatorConfig } }`;
  test('of a connection manager', () => checkDiagnostic('extension-settings', manager(`‹|typed_header_validation_config|›: ${VALIDATOR}`)));
  test('of a cluster', () =>
    checkDiagnostic(
      'extension-settings',
      cluster(
        `    typed_extension_protocol_options: { envoy.extensions.upstreams.http.v3.HttpProtocolOptions: { "@type": ${TYPE}.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: { http_protocol_options: {} }, ‹|header_validation_config|›: ${VALIDATOR} } }`,
      ),
    ));
});

describe('weights in the routes of other protocols', () => {
  const route = (fields: string): string =>
    `{ match: { method: { name: { exact: x } } }, route: { weighted_clusters: { clusters: [${fields}] } } }`;
  const dubbo = (fields: string): string =>
    listener(
      `    filter_chains: [{ filters: [{ name: d, typed_config: { "@type": ${TYPE}.filters.network.dubbo_proxy.v3.DubboProxy, stat_prefix: s, route_config: [{ name: r, interface: i, routes: [${route(fields)}] }] } }] }]`,
    );
  test('must be there in Dubbo, and that is all', () => {
    checkDiagnostic('weighted-clusters', dubbo('{ ‹|name|›: a }'));
    for (const fields of ['{ name: a, weight: 0 }', '{ weight: 1 }', '{ name: a, cluster_header: b, weight: 1 }'])
      checkDiagnostic('weighted-clusters', dubbo(fields));
  });
  test('are not looked at by the generic proxy', () => {
    const action = `{ "@type": ${TYPE}.filters.network.generic_proxy.action.v3.RouteAction, weighted_clusters: { clusters: [{ weight: 0 }, { name: nope }] } }`;
    const generic = listener(
      `    filter_chains: [{ filters: [{ name: g, typed_config: { "@type": ${TYPE}.filters.network.generic_proxy.v3.GenericProxy, stat_prefix: s, route_config: { name: r, routes: { on_no_match: { action: { name: a, typed_config: ${action} } } } } } }] }]`,
    );
    checkDiagnostic('weighted-clusters', generic);
  });
});

checkRefusals('settings without a default', [
  ['filters.network.connection_limit.v3.ConnectionLimit', { stat_prefix: 's' }, '"max_connections" are missing'],
  ['filters.network.connection_limit.v3.ConnectionLimit', { stat_prefix: 's', max_connections: 1 }],
]);

test('Dubbo does not look its clusters up', () => {
  const routes = [
    { match: { method: { name: { exact: 'x' } } }, route: { weighted_clusters: { clusters: [{ name: 'nope', weight: 1 }] } } },
  ];
  const proxy = extension('filters.network.dubbo_proxy.v3.DubboProxy', {
    stat_prefix: 's',
    route_config: [{ name: 'r', interface: 'i', routes }],
  });
  const address = { socket_address: { address: '127.0.0.1', port_value: 1 } };
  expect(refusals({ static_resources: { listeners: [{ address, filter_chains: [{ filters: [proxy] }] }] } })).toEqual([]);
});

import { expect, test } from 'vitest';
import { messagesWithFields } from '../../../server/src/schema/table/messagesWithFields';

test.each([
  [['timeout', 'interval', 'unhealthy_threshold', 'healthy_threshold', 'http_health_check'], 'envoy.config.core.v3.HealthCheck'],
  [['name', 'domains', 'routes'], 'envoy.config.route.v3.VirtualHost'],
  [['virtualHosts', 'name', 'validateClusters'], 'envoy.config.route.v3.RouteConfiguration'],
  [['name', 'route_configuration_name', 'key'], 'envoy.config.route.v3.ScopedRouteConfiguration'],
  [['matcher_tree'], 'xds.type.matcher.v3.Matcher'],
  [['http2ProtocolOptions', 'lbPolicy'], 'envoy.config.cluster.v3.Cluster'],
  [['codec_type', 'stat_prefix', 'http_filters'], 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'],
  [['cluster', 'stat_prefix', 'upstream_connect_mode'], 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'],
])('%j could be %s', (keys, message) => expect(messagesWithFields(keys)).toContain(message));

test('where one message has all, it is the only one', () => {
  expect(messagesWithFields(['connect_timeout', 'lb_policy', 'load_assignment'])).toEqual(['envoy.config.cluster.v3.Cluster']);
  expect(messagesWithFields(['filter_chains', 'listener_filters'])).toContain('envoy.config.listener.v3.Listener');
});

test('keys that no message has, and no keys, give none', () => {
  expect(messagesWithFields([])).toEqual([]);
  expect(messagesWithFields(['no_such_field'])).toEqual([]);
  expect(messagesWithFields(['name', '.*'])).toEqual([]);
  expect(messagesWithFields(['hosts', 'tls_context'])).toEqual([]);
});

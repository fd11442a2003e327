import { describe, expect, test } from 'vitest';
import { messageType } from '../../../server/src/schema/table/messageType';
import { messageNameOfTypeUrl, upgradeMessageName } from '../../../server/src/schema/table/typeUrl';

describe('messageNameOfTypeUrl', () => {
  test.each([
    ['type.googleapis.com/envoy.config.cluster.v3.Cluster', 'envoy.config.cluster.v3.Cluster'],
    ['a/b/c.D', 'c.D'],
    ['envoy.config.cluster.v3.Cluster', 'envoy.config.cluster.v3.Cluster'],
    ['type.googleapis.com/', ''],
    ['', ''],
  ])('%s → %s', (url, name) => expect(messageNameOfTypeUrl(url)).toBe(name));
});

describe('upgradeMessageName', () => {
  test.each([
    ['envoy.api.v2.Listener', 'envoy.config.listener.v3.Listener'],
    ['envoy.api.v2.Cluster', 'envoy.config.cluster.v3.Cluster'],
    ['envoy.api.v2.RouteConfiguration', 'envoy.config.route.v3.RouteConfiguration'],
    ['envoy.api.v2.ClusterLoadAssignment', 'envoy.config.endpoint.v3.ClusterLoadAssignment'],
    ['envoy.api.v2.Cluster.EdsClusterConfig', 'envoy.config.cluster.v3.Cluster.EdsClusterConfig'],
    ['envoy.api.v2.auth.Secret', 'envoy.extensions.transport_sockets.tls.v3.Secret'],
    ['envoy.api.v2.auth.UpstreamTlsContext', 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext'],
    [
      'envoy.config.filter.network.http_connection_manager.v2.HttpConnectionManager',
      'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    ],
    ['envoy.config.filter.network.tcp_proxy.v2.TcpProxy', 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'],
    ['envoy.config.filter.http.router.v2.Router', 'envoy.extensions.filters.http.router.v3.Router'],
    ['envoy.config.filter.http.jwt_authn.v2alpha.JwtAuthentication', 'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication'],
    ['envoy.config.accesslog.v2.FileAccessLog', 'envoy.extensions.access_loggers.file.v3.FileAccessLog'],
    ['envoy.admin.v2alpha.ClustersConfigDump', 'envoy.admin.v3.ClustersConfigDump'],
    ['envoy.admin.v2alpha.ClustersConfigDump.StaticCluster', 'envoy.admin.v3.ClustersConfigDump.StaticCluster'],
    ['envoy.config.bootstrap.v2.Bootstrap', 'envoy.config.bootstrap.v3.Bootstrap'],
    ['envoy.type.matcher.StringMatcher', 'envoy.type.matcher.v3.StringMatcher'],
    ['envoy.config.filter.listener.tls_inspector.v2.TlsInspector', 'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector'],
  ])('%s → %s', (old, today) => {
    expect(upgradeMessageName(old)).toBe(today);
    expect(messageType(today)).toBeDefined();
  });

  test.each([
    'envoy.config.cluster.v3.Cluster',
    'envoy.config.cluster.v3.Cluster.LbSubsetConfig',
    'envoy.extensions.load_balancing_policies.subset.v3.Subset',
    'istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig',
    'google.protobuf.StringValue',
    'no.such.v2.Thing',
    '',
  ])('%s stays', (name) => expect(upgradeMessageName(name)).toBe(name));
});

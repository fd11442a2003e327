import { describe, expect, test } from 'vitest';
import { enumType, findFieldOfKey, messageType, type MessageType } from '../../../server/src/schema/table/messageType';
import { messageNames } from '../../../server/src/schema/table/readTable';
import type { Field } from '../../../server/src/schema/table/messageDescription';

function message(name: string): MessageType {
  const found = messageType(name);
  if (!found) throw new Error(`${name} is not in the table`);
  return found;
}

function field(messageName: string, name: string): Field {
  const found = message(messageName).fields.get(name);
  if (!found) throw new Error(`${messageName} has no ${name}`);
  return found;
}

describe('messageType', () => {
  test('has fields under both spellings, once in the list', () => {
    const cluster = message('envoy.config.cluster.v3.Cluster');
    expect(cluster.fields.get('eds_cluster_config')).toBe(cluster.fields.get('edsClusterConfig'));
    expect(cluster.fieldList.filter((entry) => entry.name === 'name')).toHaveLength(1);
    expect(cluster.complete).toBe(true);
  });

  test('knows the types of fields', () => {
    expect(field('envoy.config.cluster.v3.Cluster', 'load_assignment').message).toBe('envoy.config.endpoint.v3.ClusterLoadAssignment');
    expect(field('envoy.config.cluster.v3.Cluster', 'lb_policy')).toMatchObject({
      type: 'enum',
      enumName: 'envoy.config.cluster.v3.Cluster.LbPolicy',
    });
    expect(field('envoy.config.listener.v3.Listener', 'filter_chains')).toMatchObject({
      type: 'message',
      message: 'envoy.config.listener.v3.FilterChain',
      repeated: true,
    });
    expect(field('envoy.config.core.v3.SocketAddress', 'port_value')).toMatchObject({
      type: 'uint32',
      oneof: 'port_specifier',
      repeated: false,
    });
    expect(field('envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', 'providers')).toMatchObject({
      mapKey: 'string',
      type: 'message',
      message: 'envoy.extensions.filters.http.jwt_authn.v3.JwtProvider',
      repeated: false,
    });
    expect(field('envoy.extensions.filters.http.health_check.v3.HealthCheck', 'cluster_min_healthy_percentages').mapKey).toBe('string');
    expect(field('envoy.config.core.v3.DataSource', 'inline_bytes')).toMatchObject({ type: 'bytes', sensitive: false });
    expect(field('envoy.extensions.transport_sockets.tls.v3.TlsCertificate', 'private_key')).toMatchObject({
      type: 'message',
      sensitive: true,
    });
  });

  test('knows oneofs and which of them are required', () => {
    expect(message('envoy.config.route.v3.RouteAction').oneofs).toContainEqual({ name: 'cluster_specifier', required: true });
    expect(field('envoy.config.route.v3.RouteAction', 'cluster').oneof).toBe('cluster_specifier');
  });

  test('knows what is deprecated, and what Envoy refuses by default', () => {
    expect(field('envoy.config.route.v3.HeaderMatcher', 'exact_match').deprecated).toBe(true);
    expect(field('envoy.config.route.v3.HeaderMatcher', 'string_match').deprecated).toBe(false);
    const refused = messageNames().flatMap((name) =>
      message(name).fieldList.filter((entry) => entry.disallowedByDefault && !entry.removed),
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((entry) => entry.deprecated)).toBe(true);
  });

  test('has validation rules', () => {
    expect(field('envoy.config.cluster.v3.Cluster', 'name').rules).toEqual({ minLen: 1 });
    expect(field('envoy.config.cluster.v3.Cluster', 'connect_timeout').rules).toEqual({ gt: 0 });
    expect(field('envoy.config.route.v3.VirtualHost', 'domains').rules).toMatchObject({
      minItems: 1,
      items: { wellKnownRegex: 'HTTP_HEADER_VALUE', strict: false },
    });
    expect(field('envoy.config.core.v3.SocketAddress', 'port_value').rules).toEqual({ lte: 65535 });
    expect(field('envoy.config.cluster.v3.Cluster', 'lb_policy').rules).toMatchObject({ definedOnly: true });
    expect(field('envoy.config.route.v3.Route', 'match').rules).toEqual({ required: true });
  });

  test('adds the fields that only v2 had, marked so', () => {
    expect(field('envoy.config.cluster.v3.Cluster', 'hosts')).toMatchObject({
      removed: true,
      deprecated: true,
      message: 'envoy.config.core.v3.Address',
    });
    expect(field('envoy.config.cluster.v3.Cluster', 'tls_context').message).toBe(
      'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
    );
    expect(field('envoy.config.listener.v3.Filter', 'config')).toMatchObject({ removed: true, typedByName: true });
    const cluster = message('envoy.config.cluster.v3.Cluster');
    expect(findFieldOfKey(cluster, 'hidden_envoy_deprecated_hosts')).toBe(cluster.fields.get('hosts'));
    expect(findFieldOfKey(cluster, 'hiddenEnvoyDeprecatedTlsContext')).toBe(cluster.fields.get('tls_context'));
  });

  test('marks the messages that JSON writes in their own form', () => {
    expect(message('google.protobuf.Duration').wellKnown).toBe('duration');
    expect(message('google.protobuf.BoolValue').wellKnown).toBe('wrapper');
    expect(message('google.protobuf.Struct').wellKnown).toBe('struct');
    expect(message('google.protobuf.Any').wellKnown).toBe('any');
    expect(message('google.protobuf.Empty').wellKnown).toBeUndefined();
  });

  test('knows Istio resources and Istio filters', () => {
    expect(field('istio.networking.v1alpha3.VirtualService', 'http').message).toBe('istio.networking.v1alpha3.HTTPRoute');
    expect(field('istio.security.v1beta1.AuthorizationPolicy', 'rules').repeated).toBe(true);
    expect(message('io.istio.http.peer_metadata.Config').complete).toBe(false);
    expect(message('istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig').fields.has('alpn_override')).toBe(true);
    expect(message('envoy.tcp.metadataexchange.config.MetadataExchange').fields.has('protocol')).toBe(true);
  });

  test('knows nothing of names that nobody described, nor of those of Object.prototype', () => {
    expect(messageType('no.such.Message')).toBeUndefined();
    expect(messageType('constructor')).toBeUndefined();
    expect(message('envoy.config.cluster.v3.Cluster').fields.get('constructor')).toBeUndefined();
    expect(enumType('envoy.config.cluster.v3.Cluster')).toBeUndefined();
  });

  test('every message decodes, and every type that a field names is there', () => {
    const missing: string[] = [];
    for (const name of messageNames())
      for (const entry of message(name).fieldList) {
        if (entry.message !== undefined && !messageType(entry.message)) missing.push(`${name}.${entry.name}: ${entry.message}`);
        if (entry.enumName !== undefined && !enumType(entry.enumName)) missing.push(`${name}.${entry.name}: ${entry.enumName}`);
      }
    expect(missing).toEqual([]);
    expect(messageNames().length).toBeGreaterThan(1500);
  });
});

describe('enumType', () => {
  test('has values with their numbers', () => {
    const policy = enumType('envoy.config.cluster.v3.Cluster.LbPolicy');
    expect(policy?.byName.get('ROUND_ROBIN')?.number).toBe(0);
    expect(policy?.byName.get('MAGLEV')?.number).toBe(5);
    expect(policy?.byName.get('LOAD_BALANCING_POLICY_CONFIG')?.number).toBe(7);
  });

  test('marks values that only v2 had', () => {
    expect(enumType('envoy.config.cluster.v3.Cluster.LbPolicy')?.byName.get('ORIGINAL_DST_LB')).toMatchObject({ number: 4, removed: true });
  });
});

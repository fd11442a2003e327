/** What is ours and what is not: shapes that tools print, pasted pieces, and the many files that only look like Envoy's. */
import { describe, expect, test } from 'vitest';
import { readDocument } from '../../../server/src/model/document/readDocument';
import { parseText } from '../../../server/src/syntax/parseText';

/** `part: kind name` of each resource; of a fragment its message. */
function shapeOf(text: string): string[] {
  return readDocument(parseText('test:/a.yaml', text)).flatMap((part) =>
    part.resources.length === 0
      ? [part.kind]
      : part.resources.map(({ kind, name, message }) => `${part.kind}: ${kind} ${message?.replace(/^.*\./, '') ?? name}`.trim()),
  );
}

describe('files of others', () => {
  test.each([
    ['a chart of Helm', 'apiVersion: v2\nname: x\ntype: application\nversion: 1.0.0\n'],
    ['a chart without a version of its API', 'name: x\ntype: application\nversion: 1.0.0\n'],
    ['a policy of another mesh', 'type: MeshHTTPRoute\nname: a\nmesh: default\nspec: { to: [] }\n'],
    ['a metric', 'name: a\ntype: COUNTER\nmetric: [{ counter: { value: 1 } }]\n'],
    ['dependencies of a package', '{"name": "x", "dependencies": {"bootstrap": "^5.0.0"}}'],
    ['services of a container', 'services:\n  web:\n    image: nginx\n    ports: ["80:80"]\n'],
    ['keys', '{"keys": [{"kty": "RSA", "n": "x", "e": "AQAB"}]}'],
    ['endpoints of an API', '{"name": "api", "endpoints": [{"name": "a.example.com", "target": "1.2.3.4"}]}'],
    ['a list of endpoints', 'endpoints:\n- host: a\n  port: 1\n'],
    ['an address', 'name: x\naddress: 1 Main Street\n'],
    ['settings called configs', 'configs:\n- path: /a\n  mode: 1\nother: 2\n'],
    ['parameters', 'params:\n  adminPort: 9901\n  xdsHost: ""\n'],
    ['annotations', 'annotations:\n  a.b.io/project_layout: go\n'],
    ['values that speak of a cluster', 'k8s:\n  cluster:\n    domain: cluster.local\nserving: {}\n'],
    ['canary settings', 'canary:\n  enabled: true\n'],
    ['clusters of something else', 'clusters:\n- name: a\n  server: https://1.2.3.4\n'],
    ['nothing but lists', '[[[[[[[[[[[[{"name": "x", "connect_timeout": "1s"}]]]]]]]]]]]]'],
  ])('%s', (_, text) => expect(shapeOf(text)).toEqual([]));

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('%s is a word like others', (word) => {
    expect(shapeOf(`{"${word}": {"a": {"b": 1}}, "x": 1}`)).toEqual([]);
    expect(shapeOf(`{"a": {"${word}": [{"name": "x"}]}, "type": "${word}", "@type": "${word}"}`)).toEqual([]);
    expect(shapeOf(`{"configs": [{"@type": "${word}", "clusters": []}]}`)).toEqual(['dump']);
  });
  test('lists in lists, however deep', () => expect(shapeOf(`${'['.repeat(50_000)}1`)).toEqual([]));
  test('a thousand small objects', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `{"asset": "a.txt", "count": ${index}}`).join('\n');
    expect(shapeOf(text)).toEqual([]);
  });
});

describe('shapes that tools print', () => {
  const cluster = '{"name": "c", "type": "EDS", "connect_timeout": "1s"}';
  test('resources by the URL of their type', () =>
    expect(
      shapeOf(
        `{"xds": {"type.googleapis.com/envoy.config.cluster.v3.Cluster": {"c": ${cluster}}, "type.googleapis.com/envoy.config.listener.v3.Listener": {"l": {"name": "l", "address": {}}}}}`,
      ),
    ).toEqual(['partial: cluster c', 'partial: listener l']));
  test('lists under their plural, in any spelling', () =>
    expect(
      shapeOf(
        `{"Clusters": [${cluster}], "Listeners": [{"name": "l", "address": {"socketAddress": {}}}], "routes": [{"name": "r", "virtualHosts": []}]}`,
      ),
    ).toEqual(['partial: cluster c', 'partial: listener l', 'partial: route_configuration r']));
});

describe('the static resources of a dump', () => {
  const dump = (clusters: string) =>
    `{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump", "bootstrap": {"static_resources": {"clusters": [{"name": "s"}]}}},
      {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", ${clusters}}]}`;
  test('are those that it lists', () =>
    expect(shapeOf(dump('"static_clusters": [{"cluster": {"name": "s"}}]'))).toEqual(['dump: bootstrap', 'dump: cluster s']));
  test('or those of the bootstrap, where a tool lists what is delivered alone', () =>
    expect(shapeOf(dump('"dynamic_active_clusters": [{"cluster": {"name": "d"}}]'))).toEqual([
      'dump: bootstrap',
      'dump: cluster d',
      'dump: cluster s',
    ]));
  test('and are left open where no clusters are listed', () => expect(shapeOf(dump('"version_info": "1"'))).toEqual(['dump: bootstrap']));
});

describe('what xDS clients have (CSDS)', () => {
  const typed = (message: string, fields: string) => `{"@type": "type.googleapis.com/envoy.config.${message}", ${fields}}`;
  test('each client is a proxy', () =>
    expect(
      shapeOf(
        `{"config": [{"node": {"id": "n"}, "genericXdsConfigs": [
          {"typeUrl": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "l", "xdsConfig": ${typed('listener.v3.Listener', '"name": "l"')}, "clientStatus": "ACKED"},
          {"typeUrl": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "gone", "clientStatus": "DOES_NOT_EXIST"}]},
         {"node": {"id": "m"}, "xdsConfig": [{"clusterConfig": {"dynamicActiveClusters": [{"cluster": ${typed('cluster.v3.Cluster', '"name": "c"')}}]}}]}]}`,
      ),
    ).toEqual(['dump: listener l', 'dump: cluster c']));
});

test('resources by their names, under their plural', () =>
  expect(shapeOf('{"clusters": {"c": {"name": "c", "type": "EDS"}}, "listeners": {}}')).toEqual(['partial: cluster c']));

test('a snapshot of go-control-plane', () =>
  expect(
    shapeOf(
      '{"Resources": [{"Version": "1", "Items": {"c": {"Resource": {"name": "c", "type": "EDS", "connect_timeout": "1s"}, "TTL": null}}}, {"Version": "", "Items": null}, {"Version": "1", "Items": {"r": {"Resource": {"name": "r", "virtual_hosts": [{"name": "v", "domains": ["*"]}]}}}}]}',
    ),
  ).toEqual(['partial: cluster c', 'partial: route_configuration r']));

describe('pasted pieces', () => {
  test.each([
    ['a route', 'match: { prefix: / }\nroute: { cluster: c }\n', ['partial: fragment Route']],
    [
      'a filter chain',
      'filters:\n- name: x\n  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo }\n',
      ['partial: fragment FilterChain'],
    ],
    [
      'a connection manager',
      '"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager\nstat_prefix: x\n',
      ['partial: fragment HttpConnectionManager'],
    ],
    [
      'a connection manager that does not say what it is, and holds what it does not wrap',
      'stat_prefix: x\nroute_config: { name: r, virtual_hosts: [{ name: v, domains: ["*"] }] }\nhttp_filters:\n- name: a\n  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }\n',
      ['partial: fragment HttpConnectionManager'],
    ],
    [
      'an overload manager',
      'resource_monitors:\n- name: a\n  typed_config: { "@type": type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig }\n',
      ['partial: fragment OverloadManager'],
    ],
    [
      'settings of TLS, of whichever side',
      'common_tls_context: { tls_params: { ecdh_curves: [P-256] } }\n',
      ['partial: fragment CommonTlsContext'],
    ],
    [
      'settings of a filter and not of a route',
      'credentials: [{ key: a, client: b }]\nkey_sources: [{ header: x }]\n',
      ['partial: fragment ApiKeyAuth'],
    ],
    ['sinks of a bootstrap', 'stats_sinks: []\nadmin: {}\n', ['bootstrap: bootstrap']],
    [
      'a list of filters',
      '- name: a\n  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }\n- name: b\n  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors }\n',
      ['partial: fragment TypedExtensionConfig', 'partial: fragment TypedExtensionConfig'],
    ],
    [
      'a health check',
      'timeout: 1s\ninterval: 2s\nhealthy_threshold: 1\nunhealthy_threshold: 2\ntcp_health_check: {}\n',
      ['partial: fragment HealthCheck'],
    ],
    ['the routes of a virtual host', 'routes:\n- match: { prefix: / }\n  route: { cluster: c }\n', ['partial: fragment Route']],
    [
      'what a filter is given',
      'typed_config:\n  "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy\n  cluster: c\n',
      ['partial: fragment TcpProxy'],
    ],
    [
      'what routes set otherwise, by the names of filters',
      'jwt: { "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig, disabled: true }\n',
      ['partial: fragment PerRouteConfig'],
    ],
    [
      'a branch of a matcher',
      '"10.0.0.1": { matcher: { matcher_tree: { input: { name: port, typed_config: { "@type": type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput } }, exact_match_map: { map: { "80": { action: { name: a, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: a } } } } } } } }\n',
      ['partial: fragment Matcher'],
    ],
    [
      'a field that several messages have, of one type in the core of the API',
      'weighted_clusters: { clusters: [{ name: a, weight: 1 }] }\n',
      ['partial: fragment WeightedCluster'],
    ],
    [
      'clusters that share requests',
      'clusters: [{ name: a, weight: 9 }, { name: b, weight: 1 }]\n',
      ['partial: fragment ClusterWeight', 'partial: fragment ClusterWeight'],
    ],
    ['what a route does', 'route: { cluster: a, timeout: 3s }\n', ['partial: fragment RouteAction']],
    ['the node of a bootstrap', 'node: { id: a, cluster: b, metadata: { x: y } }\n', ['partial: fragment Node']],
    ['clusters of others', 'clusters: [{ name: a, weight: 9, server: b }]\n', []],
    ['a node of others', 'node: { id: a, cluster: b, flavor: c }\n', []],
    ['the same, a member of JSON without braces', '"retryPolicy": { "retryOn": "5xx" }', ['partial: fragment RetryPolicy']],
    [
      'endpoints without their cluster',
      '- endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } }\n',
      ['partial: fragment LbEndpoint'],
    ],
    ['a field of v2', 'tls_context: { sni: a.example, common_tls_context: {} }\n', ['partial: fragment UpstreamTlsContext']],
    ['headers that are added', 'response_headers_to_add: [{ header: { key: a, value: b } }]\n', ['partial: fragment HeaderValueOption']],
    ['a policy of RBAC', 'permissions: [{ any: true }]\nprincipals: [{ any: true }]\n', ['partial: fragment Policy']],
    [
      'policies of RBAC by their names',
      '"ns[a]-policy[b]-rule[0]": { permissions: [{ any: true }], principals: [{ any: true }] }\n',
      ['partial: fragment Policy'],
    ],
    ['metadata', 'metadata: { filter_metadata: { envoy.lb: { version: v1 } } }\n', ['partial: fragment Metadata']],
    [
      'endpoints of which none are left',
      '- clusterName: a\n- clusterName: b\n',
      ['partial: load_assignment a', 'partial: load_assignment b'],
    ],
  ])('%s', (_, text, shape) => expect(shapeOf(text)).toEqual(shape));
});

describe('patches in Kubernetes resources', () => {
  test('of an EnvoyFilter, by what they are applied to', () =>
    expect(
      shapeOf(
        'apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: { name: f }\nspec:\n  configPatches:\n  - applyTo: HTTP_ROUTE\n    patch: { operation: MERGE, value: { route: { cluster: c } } }\n  - applyTo: CLUSTER\n    patch: { operation: ADD, value: { name: c } }\n  - applyTo: LISTENER\n    patch: { operation: REMOVE }\n',
      ),
    ).toEqual(['istio: istio_resource f', 'istio: fragment Route', 'istio: fragment Cluster']));
  test('of an EnvoyPatchPolicy, by type and path', () =>
    expect(
      shapeOf(
        'apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: EnvoyPatchPolicy\nmetadata: { name: p }\nspec:\n  jsonPatches:\n  - type: type.googleapis.com/envoy.config.cluster.v3.Cluster\n    name: c\n    operation: { op: add, path: "", value: { name: c } }\n  - type: type.googleapis.com/envoy.config.listener.v3.Listener\n    name: l\n    operation: { op: replace, path: /a, value: { match: { prefix: / }, route: { cluster: c } } }\n',
      ),
    ).toEqual(['istio: istio_resource p', 'istio: fragment Cluster', 'istio: fragment Route']));
});

test('words that others use, too, are no evidence', () => {
  expect(shapeOf('resources: { limits: { cpu: 1 } }\nsecurityContext: {}\n')).toEqual([]);
  expect(shapeOf('clusters:\n- { name: a, weight: 1 }\nnodes: 3\n')).toEqual([]);
  expect(shapeOf('route: { cluster: a }\nredis: { connectTimeout: 5 }\n')).toEqual([]);
  expect(shapeOf('cluster_name: prod\n')).toEqual([]);
  expect(shapeOf('- { cluster_name: a, region: b }\n- { cluster_name: c, region: d }\n')).toEqual([]);
  expect(shapeOf('routes:\n- match: { host: example.com }\n  to: service\n')).toEqual([]);
  expect(shapeOf('metadata: { filter_metadata: some text }\n')).toEqual([]);
  expect(shapeOf('thing: { "@type": https://schema.org/Thing, name: x }\n')).toEqual([]);
});

import { describe, test } from 'vitest';
import { checkDeclaration, checkDefinition, checkImplementation, checkReferences } from '../../support/check';

const CLUSTERS = (name = 'name: reviews', endpoints = 'cluster_name: reviews') => `
  clusters:
  - ${name}
    type: STATIC
    load_assignment:
      ${endpoints}
      endpoints:
      - lb_endpoints:
        - endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } }
`;
const MARKED = CLUSTERS('name: ‹|reviews|›', 'cluster_name: ‹|reviews|›');

const listener = (filter: string) => `static_resources:
  listeners:
  - name: l
    address: { socket_address: { address: 0.0.0.0, port_value: 80 } }
    filter_chains:
    - filters:
      - name: f
        typed_config:
${filter.replace(/^/gm, '          ')}
`;
const manager = (routes: string) =>
  listener(`"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
stat_prefix: h
route_config:
  name: local
  virtual_hosts:
  - name: all
    domains: ["*"]
    routes:
    - match: { prefix: / }
${routes.replace(/^/gm, '      ')}`);

describe('a cluster name leads to the cluster and its endpoints', () => {
  test('in a route', () => checkDefinition(manager('route: { cluster: rev<|>iews }') + MARKED));
  test('in weighted clusters', () =>
    checkDefinition(manager('route: { weighted_clusters: { clusters: [{ name: <|>reviews, weight: 1 }] } }') + MARKED));
  test('in a mirror policy', () =>
    checkDefinition(manager('route: { cluster: other, request_mirror_policies: [{ cluster: review<|>s }] }') + MARKED));
  test('in a tcp_proxy', () =>
    checkDefinition(
      listener('"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy\nstat_prefix: t\ncluster: revi<|>ews') +
        MARKED,
    ));
  test('in a gRPC service', () =>
    checkDefinition(
      listener(
        '"@type": type.googleapis.com/envoy.extensions.filters.network.ext_authz.v3.ExtAuthz\nstat_prefix: a\ngrpc_service: { envoy_grpc: { cluster_name: <|>reviews } }',
      ) + MARKED,
    ));
  test('in an HTTP service', () =>
    checkDefinition(
      manager('route: { cluster: x }').replace(
        'stat_prefix: h',
        `stat_prefix: h
          http_filters:
          - name: jwt
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
              providers: { p: { remote_jwks: { http_uri: { uri: "https://k", cluster: re<|>views, timeout: 1s } } } }`,
      ) + MARKED,
    ));
  test('camelCase JSON and a dump with EDS', () =>
    checkDefinition(`{"configs": [
 {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamicActiveClusters": [{"cluster":
   {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": ‹|"outbound|9080||reviews"|›, "type": "EDS", "edsClusterConfig": {"serviceName": "svc"}}}]},
 {"@type": "type.googleapis.com/envoy.admin.v3.EndpointsConfigDump", "dynamicEndpointConfigs": [{"endpointConfig":
   {"@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "clusterName": ‹|"svc"|›, "endpoints": []}}]},
 {"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump", "dynamicRouteConfigs": [{"routeConfig":
   {"@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", "name": "80", "virtualHosts": [{"name": "v", "domains": ["*"],
     "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "outbound\\u007c9080||re<|>views"}}]}]}}]}]}`));
});

describe('other names', () => {
  test('a cluster’s own name leads to its endpoints', () =>
    checkDefinition(`static_resources:${CLUSTERS('name: revie<|>ws', 'cluster_name: ‹|reviews|›')}`));
  test('the cluster_name of endpoints leads to the cluster', () =>
    checkDefinition(`static_resources:${CLUSTERS('name: ‹|reviews|›', 'cluster_name: revie<|>ws')}`));
  test('server_listener_name leads to the internal listener', () =>
    checkDefinition(`static_resources:
  listeners:
  - name: ‹|inner|›
    internal_listener: {}
  clusters:
  - name: c
    load_assignment:
      cluster_name: c
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { envoy_internal_address: { server_listener_name: in<|>ner } } } }] }]
`));
  test('a matcher action leads to the filter chain of its own listener', () =>
    checkDefinition(`static_resources:
  listeners:
  - name: a
    filter_chains: [{ name: web, filters: [] }]
  - name: b
    filter_chain_matcher:
      on_no_match: { action: { name: x, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: we<|>b } } }
    filter_chains: [{ name: ‹|web|›, filters: [] }]
`));
  test('route_config_name leads to the route configuration', () =>
    checkDefinition(`//- lds.yaml
resources:
- "@type": type.googleapis.com/envoy.config.listener.v3.Listener
  name: l
  filter_chains:
  - filters:
    - name: h
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: h
        rds: { route_config_name: <|>web, config_source: { ads: {} } }
//- rds.yaml
resources:
- "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
  name: ‹|web|›
`));
  test('declaration: the cluster alone', () => checkDeclaration(manager('route: { cluster: rev<|>iews }') + CLUSTERS('name: ‹|reviews|›')));
  test('implementation: the endpoints alone', () =>
    checkImplementation(manager('route: { cluster: rev<|>iews }') + CLUSTERS('name: reviews', 'cluster_name: ‹|reviews|›')));
  test('a name that its own proxy lacks is offered from another', () =>
    checkDefinition(`//- a/envoy.yaml
node: { id: a }
${manager('route: { cluster: <|>reviews }')}
//- b/envoy.yaml
node: { id: b }
static_resources:${MARKED}`));
  test('nothing is named: no jump', () => checkDefinition(manager('route: { cluster: reviews, time<|>out: 1s }') + CLUSTERS()));
});

describe('what Istio made', () => {
  const DUMP = (config: string, policy: string) => `//- dump.json
{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump", "dynamic_route_configs": [{"route_config":
  {"@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", "name": "80", "virtual_hosts": [{"name": "v", "domains": ["*"], "routes": [
    {"match": {"prefix": "/"}, "metadata": {"filter_metadata": {"istio": {"config": ${config}}}}, "typed_per_filter_config": {"rbac":
      {"@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBACPerRoute", "rbac": {"rules": {"policies": {${policy}: {}}}}}}}]}]}}]}]}
`;
  const PATH = '"/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews"';
  const POLICY = '"ns[default]-policy[viewer]-rule[0]"';
  const YAML = (virtualService: string, policy: string) => `//- istio.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${virtualService}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${policy}
  namespace: default
`;
  test('a route leads to its VirtualService', () =>
    checkDefinition(DUMP(PATH.replace('virtual', '<|>virtual'), POLICY) + YAML('‹|reviews|›', 'viewer')));
  test('a policy leads to its AuthorizationPolicy', () =>
    checkDefinition(DUMP(PATH, POLICY.replace('policy', '<|>policy')) + YAML('reviews', '‹|viewer|›')));
  test('and back: what became of it', () => checkReferences(DUMP(`‹|${PATH}|›`, POLICY) + YAML('revi<|>ews', 'viewer')));
});

describe('what patches add', () => {
  const patched = (file: string, applyTo: string, operation: string, value: string): string => `//- ${file}.yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: ${file}, namespace: b }
spec:
  configPatches:
  - applyTo: ${applyTo}
    patch:
      operation: ${operation}
      value: ${value}
`;
  const FILTER = (operation: string, name: string): string =>
    patched('added', 'CLUSTER', operation, `{ name: ${name}, type: STRICT_DNS, connect_timeout: 1s }`);
  const USER = patched(
    'user',
    'HTTP_FILTER',
    'INSERT_BEFORE',
    '{ name: x, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz, grpc_service: { envoy_grpc: { cluster_name: auth<|>z } } } }',
  );
  test('a cluster of an EnvoyFilter', () => checkDefinition(USER + FILTER('ADD', '‹|authz|›')));
  test('one that is only changed', () => checkDefinition(USER + FILTER('MERGE', 'authz')));
});

describe('an operator in a text leads to what sets what it names', () => {
  const LOGGED = (format: string, fields: string) =>
    listener(`"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
stat_prefix: h
access_log:
- name: log
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
    path: /dev/stdout
    log_format: { text_format_source: { inline_string: "%PROTOCOL% ${format}\\n" } }
${fields}`);
  const HEADERS = (user: string, team: string) => `route_config:
  name: local
  request_headers_to_add: [{ header: ${user} }, { header: ${team} }]`;
  test('a header, in any case', () =>
    checkDefinition(LOGGED('%REQ(X-Us<|>er)%', HEADERS('{ key: ‹|x-user|›, value: a }', '{ key: x-team, value: b }'))));
  test('the second of two headers', () =>
    checkDefinition(LOGGED('%REQ(x-user?x-te<|>am):9%', HEADERS('{ key: x-user, value: a }', '{ key: ‹|x-team|›, value: b }'))));
  const METADATA = (first: string, second: string) => `http_filters:
- name: m
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.header_to_metadata.v3.Config
    request_rules:
    - { header: x, on_header_present: ${first}, on_header_missing: ${second} }`;
  test('a key of metadata, in its namespace', () => {
    const other = '{ metadata_namespace: other, key: user, value: a }';
    const own = '{ metadata_namespace: own, key: ‹|user|›, value: a }';
    checkDefinition(LOGGED('%DYNAMIC_METADATA(own:us<|>er)%', METADATA(other, own)));
    checkDefinition(LOGGED('%METADATA(DYNAMIC:own:us<|>er)%', METADATA(other, own)));
  });
  test('an object of filter state', () =>
    checkDefinition(
      LOGGED(
        '%FILTER_STATE(my.k<|>ey:PLAIN)%',
        `http_filters:
- name: s
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.set_filter_state.v3.Config
    on_request_headers: [{ object_key: ‹|my.key|›, factory_key: envoy.string, format_string: { text_format_source: { inline_string: a } } }]`,
      ),
    ));
  test('a namespace that is set as a whole, from its name and from a key in it', () => {
    const whole = `http_filters:
- name: m
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.set_metadata.v3.Config
    metadata: [{ metadata_namespace: ‹|own|›, value: { user: a } }]`;
    checkDefinition(LOGGED('%DYNAMIC_METADATA(o<|>wn:user)%', whole));
    checkDefinition(LOGGED('%DYNAMIC_METADATA(own:us<|>er)%', whole));
  });
  test('nowhere from what nobody sets, or what names nothing', () => {
    checkDefinition(LOGGED('%REQ(x-oth<|>er)%', HEADERS('{ key: x-user, value: a }', '{ key: x-team, value: b }')));
    checkDefinition(LOGGED('%START_TIME(x-us<|>er)%', HEADERS('{ key: x-user, value: a }', '{ key: x-team, value: b }')));
  });
});

describe('where the key is the name, or another field than `name` has it, the jump ends there', () => {
  const JWT = (provider: string) => `http_filters:
- name: j
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
    providers:
      ${provider}:
        issuer: a
        payload_in_metadata: ‹|claims|›
    rules: [{ match: { prefix: / }, requires: { provider_name: corp } }]
- name: r
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
    rules:
      policies:
        p:
          permissions: [{ any: true }]
          principals: [{ metadata: { filter: envoy.filters.http.jwt_authn, path: [{ key: claims }], value: { present_match: true } } }]`;
  const managed = (fields: string) =>
    listener(`"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
stat_prefix: h
${fields}`);
  const unmarked = (text: string) => text.replace('‹|claims|›', 'claims');
  test('the key of a JWT provider, not its first field', () =>
    checkDefinition(managed(unmarked(JWT('‹|corp|›')).replace('provider_name: corp', 'provider_name: co<|>rp'))));
  test('the field of the provider that names a key of metadata', () =>
    checkDefinition(managed(JWT('corp').replace('key: claims', 'key: cla<|>ims'))));
});

describe('a YAML alias leads to its anchor, one that is a name to what has that name', () => {
  const aliased = (use: string, anchored = '&p { prefix: / }') => `static_resources:
  clusters: [{ name: ‹web›, type: STATIC }]
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: h
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          # not this: &p
          stat_prefix: "not &p this"
          route_config:
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes:
              - { match: ${anchored}, route: { cluster: &w web } }
              - ${use}
`;
  const first = '‹|&p|› { prefix: / }';
  const check = (text: string) => checkDefinition(text.replace(/‹(web)›/, '$1'));
  test('a message', () => check(aliased('{ match: *p<|>, route: { cluster: web } }', first)));
  test('a merge key', () => check(aliased('{ match: { <<: *<|>p }, route: { cluster: web } }', first)));
  test('not from its key', () => check(aliased('{ mat<|>ch: *p, route: { cluster: web } }')));
  test('a name', () => checkDefinition(aliased('{ match: *p, route: { cluster: *<|>w } }').replace('‹web›', '‹|web|›')));
  test('an anchor leads to itself, so that the editor offers its aliases', () =>
    check(aliased('{ match: *p, route: { cluster: web } }', '‹|&<|>p|› { prefix: / }')));
  test('nowhere from one without an anchor', () => check(aliased('{ match: *q<|>, route: { cluster: web } }')));
});

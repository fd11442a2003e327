/** Hovers in dumps: types, the dump's own fields, actions and names in matchers, operators in JSON texts, policies of Istio. */
import { describe, expect, test } from 'vitest';
import { findHover } from '../../../../server/src/features/hover/hover';
import { readSchemaComments } from '../../../../server/src/schema/table/schemaComments';
import { checkHover, hoverText } from '../../../support/check';
import { placeOf, readFixture } from '../../../support/fixture';

const ROUTER = 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router';
const listener = (filter: string) => `static_resources:
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          http_filters:
          - ${filter.replace(/\n/g, '\n            ')}
  clusters:
  - { name: reviews, type: STATIC }
`;

test('a type says what it is, and which fields it has', () => {
  const place = placeOf(readFixture(listener(`name: router\ntyped_config: { "@type": ${ROUTER.replace('router.v3', 'rou<|>ter.v3')} }`)));
  const comments = readSchemaComments('{"envoy.extensions.filters.http.router.v3.Router": {"": "Sends requests upstream."}}');
  const contents = findHover(place, comments)?.contents;
  expect(contents).toMatchObject({ value: expect.stringContaining('**Type** `envoy.extensions.filters.http.router.v3.Router`') as string });
  expect(contents).toMatchObject({ value: expect.stringMatching(/Sends requests upstream\.[^]*`dynamic_stats`/) as string });
});
test('so does the type inside a TypedStruct, and an older name', () => {
  const struct = `name: router\ntyped_config: { "@type": type.googleapis.com/xds.type.v3.TypedStruct, type_url: ${ROUTER.replace('Router', 'Rou<|>ter')}, value: {} }`;
  checkHover(listener(struct), '**Type** `envoy.extensions.filters.http.router.v3.Router`');
  const old = 'type.googleapis.com/envoy.config.filter.http.router.v2.Rou<|>ter';
  checkHover(listener(`name: router\ntyped_config: { "@type": ${old} }`), 'older name `envoy.config.filter.http.router.v2.Router`');
});
test('an unknown type says that nothing is known of it', () =>
  checkHover(listener('name: x\ntyped_config: { "@type": type.googleapis.com/my.Fil<|>ter }'), 'neither checked nor linked'));
test('fields of a dump that lie around its resources', () =>
  checkHover(
    `{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [{"version_<|>info": "1", "cluster": {"name": "c"}}]}]}`,
    '`version_info`: `string` of `envoy.admin.v3.ClustersConfigDump.DynamicCluster`',
  ));
test('an extension’s name tells what it is', () =>
  checkHover(
    listener(`name: rou<|>ter\ntyped_config: { "@type": ${ROUTER} }`),
    '**Extension** `router`',
    '**Type** `envoy.extensions.filters.http.router.v3.Router`',
  ));
test('a field of an enum lists its values', () =>
  checkHover(listener('name: x').replace('type: STATIC', 'ty<|>pe: STATIC'), 'Values: `STATIC`, `STRICT_DNS`'));
test('the key before a resource stands for it', () =>
  checkHover(
    `{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [{"version_info": "1", "clus<|>ter": {"name": "c"}}]}]}`,
    '**Cluster** `c`',
  ));
test('the action of an RBAC filter is no matcher’s action', () => {
  const rbac = `name: rbac\ntyped_config:\n  "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC\n  rules: { action: DE<|>NY }`;
  checkHover(listener(rbac), '`action`: `RBAC.Action`');
});
test('a cluster in a matcher’s action speaks for itself', () => {
  const route = '{ "@type": type.googleapis.com/envoy.config.route.v3.Route, match: { prefix: / }, route: { cluster: rev<|>iews } }';
  const source = listener('name: x').replace(
    'http_filters:',
    `route_config: { virtual_hosts: [{ name: v, domains: ["*"], matcher: { on_no_match: { action: { name: route, typed_config: ${route} } } } }] }\n          http_filters:`,
  );
  checkHover(source, '**Cluster** `reviews`');
});
test('an operator in a JSON text is shown without its backslashes', () => {
  const source = (format: string) =>
    `{"static_resources": {"listeners": [{"name": "l", "filter_chains": [{"filters": [{"name": "t", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", "stat_prefix": "s", "cluster": "c", "tunneling_config": {"hostname": "${format}"}}}]}]}]}}`;
  const text = hoverText(source('%DYNAMIC_<|>METADATA([\\"tunnel\\", \\"destination\\"])%')) ?? '';
  expect(text).toContain('namespace `tunnel`, key `destination`');
  expect(text).not.toContain('\\"');
});
test('a policy whose file is not there names the resource that it was', () => {
  const policy = '"ns[default]-policy[vie<|>wer]-rule[0]": { permissions: [{ any: true }], principals: [{ any: true }] }';
  const rbac = `name: rbac\ntyped_config:\n  "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC\n  rules: { policies: { ${policy} } }`;
  checkHover(listener(rbac), '**AuthorizationPolicy** `default/viewer`', 'not in the workspace');
});
test('the default filter chain says when it is taken', () =>
  checkHover(
    'static_resources:\n  listeners:\n  - name: l\n    default_filter_chain: { name: re<|>st, filters: [] }\n',
    '**Filter chain** `rest`',
    'Taken when no other chain is.',
  ));
test('a subset tells of its rule, a host of what has it', () => {
  const world = (destination: string) => `//- rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, subsets: [{ name: v1, labels: { version: v1 } }] }
//- service.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec: { http: [{ route: [{ destination: { ${destination} } }] }] }
`;
  checkHover(
    world('host: reviews, subset: v<|>1'),
    '**Subset** `v1` of `reviews.shop.svc.cluster.local`',
    'DestinationRule `shop/reviews`',
    '`version=v1`',
  );
  checkHover(world('host: rev<|>iews'), '**Host** `reviews.shop.svc.cluster.local`', 'DestinationRule `shop/reviews`');
});
test('fields of Istio’s own resources', () => {
  const rule = (field: string) =>
    `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: r }\nspec:\n  host: reviews\n  trafficPolicy: { ${field} }\n`;
  checkHover(rule('loadBal<|>ancer: { simple: RANDOM }'), '`load_balancer`: `LoadBalancerSettings`');
  checkHover(rule('loadBalancer: { simple: RAN<|>DOM }'), '`simple`: `LoadBalancerSettings.SimpleLB`');
});

describe('metadata', () => {
  const endpoint = (metadata: string) =>
    `static_resources: { clusters: [{ name: c, load_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [{ metadata: { filter_metadata: { ${metadata} } } }] }] } }] }`;
  test('what Istio means by its notes', () => {
    checkHover(
      endpoint('envoy.transport_socket_match: { tls<|>Mode: istio }'),
      '**Metadata** `tlsMode` of `envoy.transport_socket_match`',
      'mutual TLS',
    );
    checkHover(endpoint('istio: { services: [{ host: a.b, na<|>me: a }] }'), '`services` › `name` of `istio`', 'The name of the service.');
  });
  test('those of others by their place', () =>
    checkHover(endpoint('my.filter: { a: { deep: no<|>te } }'), '**Metadata** `a` › `deep` of `my.filter`'));
  test('a namespace', () => checkHover(endpoint('my.fil<|>ter: { a: 1 }'), '**Metadata** of `my.filter`'));
});

test('fields and types link Envoy’s documentation, where it has a page', () => {
  const comments = readSchemaComments(
    JSON.stringify({ 'envoy.config.cluster.v3.Cluster': { lb_policy: 'How.', '@': 'config/cluster/v3/cluster' } }),
  );
  const textAt = (source: string) => JSON.stringify(findHover(placeOf(readFixture(source)), comments)?.contents);
  const page = 'https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/cluster.proto';
  expect(textAt('static_resources: { clusters: [{ name: a, lb_po<|>licy: RANDOM }] }')).toContain(
    `](${page}#envoy-v3-api-field-config-cluster-v3-cluster-lb-policy)`,
  );
  expect(textAt('"@type": type.googleapis.com/envoy.config.cluster.v3.Clus<|>ter\nname: a\n')).toContain(
    `](${page}#envoy-v3-api-msg-config-cluster-v3-cluster)`,
  );
  expect(textAt('static_resources: { listeners: [{ name: a, drain_<|>type: DEFAULT }] }')).not.toContain('https://');
});

test('the health of endpoints is told where somebody says it', () => {
  const cluster = (name: string, endpoint: string): string =>
    `static_resources: { clusters: [{ name: ${name}, type: STATIC, load_assignment: { cluster_name: web, endpoints: [{ lb_endpoints: [{ ${endpoint}endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } } }] }] } }] }`;
  expect(hoverText(cluster('w<|>eb', ''))).not.toMatch(/health/);
  checkHover(cluster('w<|>eb', 'health_status: HEALTHY, '), '1 endpoint, all healthy', '| HEALTHY |');
});

test('a field of an object in filter state', () =>
  checkHover(
    'access_log: [{ name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /a, log_format: { text_format_source: { inline_string: "%FILTER_STATE(upstream_peer_obj:FI<|>ELD:app)%" } } } }]\n',
    'The field `app` of the filter state object `upstream_peer_obj` (the workload that the request went to, by Istio)',
  ));

test('the key over a pasted piece says what the piece was taken for', () => {
  checkHover('retry_po<|>licy: { retry_on: 5xx }\n', '**Type** `envoy.config.route.v3.RetryPolicy`');
  checkHover('lb_end<|>points: [{ endpoint: { address: { pipe: { path: /a } } } }]\n', '**Type** `envoy.config.endpoint.v3.LbEndpoint`');
});

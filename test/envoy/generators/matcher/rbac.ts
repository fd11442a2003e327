/** Role based access control, for HTTP and for connections. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { anyConnection } from '../connection/filterChain';
import {
  clusters,
  extension,
  httpChain,
  listener,
  once,
  plainRequest,
  stringMatcher,
  tcpProxy,
  TLS_INSPECTOR,
  virtualHost,
} from '../parts';

const cidr = fc
  .constantFrom(['10.0.0.0', 8], ['10.1.1.0', 24], ['192.168.0.0', 16], ['203.0.113.9', 32])
  .map(([address_prefix = '', prefix_len = 0]): JsonObject => ({ address_prefix, prefix_len }));

const headerRule = fc
  .tuple(fc.constantFrom('x', 'y', ':method', ':path'), stringMatcher(['abc', '5', 'GET', '/a']), fc.boolean())
  .map(([name, string_match, invert_match]): JsonObject => ({ header: { name, string_match, invert_match } }));

const urlPath = stringMatcher(['/a', '/a/b', '/', '/b']).map((path): JsonObject => ({ url_path: { path } }));

const connectionPermission: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant<JsonObject>({ any: true }),
  cidr.map((destination_ip): JsonObject => ({ destination_ip })),
  fc.constantFrom(20000, 8080).map((destination_port): JsonObject => ({ destination_port })),
  fc
    .constantFrom<JsonObject[]>({ start: 8000, end: 9000 }, { start: 10000, end: 30000 })
    .map((destination_port_range): JsonObject => ({ destination_port_range })),
  stringMatcher(['a.test', 'b.test', '']).map((requested_server_name): JsonObject => ({ requested_server_name })),
);

const connectionPrincipal: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant<JsonObject>({ any: true }),
  cidr.map((direct_remote_ip): JsonObject => ({ direct_remote_ip })),
  cidr.map((remote_ip): JsonObject => ({ remote_ip })),
  cidr.map((source_ip): JsonObject => ({ source_ip })),
  stringMatcher(['spiffe://a/b']).map((principal_name): JsonObject => ({ authenticated: { principal_name } })),
);

const httpPermission = fc.oneof(connectionPermission, headerRule, urlPath);
const httpPrincipal = fc.oneof(connectionPrincipal, headerRule, urlPath);

function nest(rule: fc.Arbitrary<JsonObject>, kind: string): fc.Arbitrary<JsonObject> {
  const several = fc.array(rule, { minLength: 1, maxLength: 2 });
  const [and, or, not] = kind === 'principals' ? ['and_ids', 'or_ids', 'not_id'] : ['and_rules', 'or_rules', 'not_rule'];
  const list = kind === 'principals' ? 'ids' : 'rules';
  return fc.oneof(
    { weight: 3, arbitrary: rule },
    { weight: 1, arbitrary: several.map((all): JsonObject => ({ [and ?? '']: { [list]: all } })) },
    { weight: 1, arbitrary: several.map((all): JsonObject => ({ [or ?? '']: { [list]: all } })) },
    { weight: 1, arbitrary: rule.map((one): JsonObject => ({ [not ?? '']: one })) },
  );
}

function rules(permission: fc.Arbitrary<JsonObject>, principal: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  const policy = fc.record({
    permissions: fc.array(nest(permission, 'permissions'), { minLength: 1, maxLength: 2 }),
    principals: fc.array(nest(principal, 'principals'), { minLength: 1, maxLength: 2 }),
  });
  return fc
    .tuple(
      fc.constantFrom('ALLOW', 'DENY', 'DENY', 'ALLOW', 'LOG'),
      fc.dictionary(fc.constantFrom('b', 'a', 'p[0]'), policy, { maxKeys: 3 }),
    )
    .map(([action, policies]): JsonObject => ({ action, policies: { ...policies } }));
}

const httpRbac = fc
  .tuple(rules(httpPermission, httpPrincipal), fc.option(rules(httpPermission, httpPrincipal), { nil: undefined }))
  .map(([own, shadow_rules]): JsonObject => ({ rules: own, ...(shadow_rules ? { shadow_rules } : {}) }));

const PER_ROUTE = 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBACPerRoute';

const perRoute: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<JsonObject>({}) },
  { weight: 1, arbitrary: httpRbac.map((rbac): JsonObject => ({ typed_per_filter_config: { rbac: { '@type': PER_ROUTE, rbac } } })) },
  { weight: 1, arbitrary: fc.constant<JsonObject>({ typed_per_filter_config: { rbac: { '@type': PER_ROUTE } } }) },
);

export const rbacHttp: fc.Arbitrary<LabCase> = fc
  .record({ rbac: httpRbac, own: perRoute, host: perRoute, requests: fc.array(plainRequest, { minLength: 4, maxLength: 9 }) })
  .map(({ rbac, own, host, requests }) => {
    const routes: JsonObject[] = [
      { match: { prefix: '/a' }, route: { cluster: '§c1' }, ...own },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const filter = extension('rbac', 'filters.http.rbac.v3.RBAC', rbac);
    return {
      area: 'rbac_http',
      listeners: [listener('l', [httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes, host)] }, { httpFilters: [filter] })])],
      clusters: clusters(2),
      requests: once(requests),
    };
  });

/** Clients that say something first: network RBAC decides on the first bytes. */
const speaking = anyConnection;

export const rbacNetwork: fc.Arbitrary<LabCase> = fc
  .record({ rules: rules(connectionPermission, connectionPrincipal), requests: fc.array(speaking, { minLength: 4, maxLength: 8 }) })
  .map(({ rules: own, requests }) => {
    const filter = extension('rbac', 'filters.network.rbac.v3.RBAC', { stat_prefix: 'r', rules: own });
    return {
      area: 'rbac_network',
      listeners: [listener('l', [{ name: 'f', filters: [filter, tcpProxy({ cluster: '§c1' })] }], { listener_filters: [TLS_INSPECTOR] })],
      clusters: clusters(1),
      requests: once(requests),
    };
  });

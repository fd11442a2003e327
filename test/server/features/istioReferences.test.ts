/** Back from Istio's own names: who uses a subset, a host, a gateway; and what became of each kind of resource in the dumps. */
import { describe, expect, test } from 'vitest';
import { findHighlights, findReferences } from '../../../server/src/features/references';
import { checkDefinition, checkReferences, checkTypeDefinition, hoverText } from '../../support/check';
import { placeOf, readFixture } from '../../support/fixture';

const yaml = (file: string, kind: string, name: string, spec: string) =>
  `//- ${file}\napiVersion: ${kind.slice(0, kind.lastIndexOf('/'))}\nkind: ${kind.slice(kind.lastIndexOf('/') + 1)}\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
const ISTIO = 'networking.istio.io/v1/';
const GATEWAY_API = 'gateway.networking.k8s.io/v1/';

interface DumpParts {
  readonly clusters?: string;
  readonly routes?: string;
  readonly node?: string;
}
/** A dump of a router of the namespace `shop` with the label `istio: ingress`. */
const dump = ({ clusters = '', routes = '', node = '"LABELS": {"istio": "ingress"}, "NAMESPACE": "shop"' }: DumpParts) => `//- dump.json
{"configs": [
  {"@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump", "bootstrap": {"node": {"id": "router~10.0.0.1~gw-1.shop~shop.svc.cluster.local", "metadata": {${node}}}}},
  {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [${clusters}]},
  {"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump", "dynamic_route_configs": [${routes}]}]}
`;

describe('references from Istio’s YAML', () => {
  test('of a subset: the destinations that choose it, and its clusters', () =>
    checkReferences(
      yaml('rule.yaml', `${ISTIO}DestinationRule`, 'reviews', '{ host: reviews, subsets: [{ name: v<|>1 }, { name: v2 }] }') +
        yaml(
          'service.yaml',
          `${ISTIO}VirtualService`,
          'reviews',
          '{ hosts: [reviews], http: [{ route: [{ destination: { host: reviews.shop.svc.cluster.local, subset: ‹|v1|› } }], mirror: { host: reviews, subset: v2 } }] }',
        ) +
        dump({
          clusters:
            '{"cluster": {"name": ‹|"outbound|9080|v1|reviews.shop.svc.cluster.local"|›}}, {"cluster": {"name": "outbound|9080|v2|reviews.shop.svc.cluster.local"}}',
        }),
    ));
  test('of a gateway: the services bound to it, in either spelling', () =>
    checkReferences(
      yaml('gateway.yaml', `${ISTIO}Gateway`, 'ed<|>ge', '{ servers: [] }') +
        yaml('a.yaml', `${ISTIO}VirtualService`, 'a', '{ gateways: [mesh, ‹|edge|›] }') +
        yaml('b.yaml', `${ISTIO}VirtualService`, 'b', '{ http: [{ match: [{ gateways: [‹|shop/edge|›, other/edge] }] }] }'),
    ));
  test('of a host: everything that speaks of it', () =>
    checkReferences(
      `//- services.yaml\napiVersion: v1\nkind: Service\nmetadata: { name: revi<|>ews, namespace: shop }\n${yaml('rule.yaml', `${ISTIO}DestinationRule`, 'r', '{ host: ‹|reviews|› }')}${yaml('route.yaml', `${GATEWAY_API}HTTPRoute`, 'r', '{ rules: [{ backendRefs: [{ name: ‹|reviews|›, port: 80 }, { name: ratings }] }] }')}${yaml('sidecar.yaml', `${ISTIO}Sidecar`, 's', '{ egress: [{ hosts: ["istio-system/*", ‹|"./reviews.shop.svc.cluster.local"|›] }] }')}`,
    ));
  test('a delegate is a use of its service', () =>
    checkReferences(
      yaml('root.yaml', `${ISTIO}VirtualService`, 'root', '{ http: [{ delegate: { name: ‹|leaf|›, namespace: shop } }] }') +
        yaml('leaf.yaml', `${ISTIO}VirtualService`, 'le<|>af', '{ http: [] }'),
    ));
  test('highlights: the definition as a write, uses as reads; with the declaration on request', () => {
    const fixture = readFixture(
      yaml('rule.yaml', `${ISTIO}DestinationRule`, 'reviews', '{ host: reviews, subsets: [{ name: v<|>1 }] }').concat(
        '---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: r, namespace: shop }\nspec: { http: [{ route: [{ destination: { host: reviews, subset: v1 } }] }] }\n',
      ),
    );
    expect(findHighlights(placeOf(fixture)).map(({ kind }) => kind)).toEqual([3, 2]);
    expect(findReferences(placeOf(fixture), true)).toHaveLength(2);
    expect(findReferences(placeOf(fixture), false)).toHaveLength(1);
  });
});

describe('the Gateway API', () => {
  test('parentRefs lead to the Gateway, sections to its listener', () => {
    const gateway = (name: string, listener: string) =>
      yaml(
        'gateway.yaml',
        `${GATEWAY_API}Gateway`,
        name,
        `{ gatewayClassName: istio, listeners: [{ name: ${listener}, port: 80, protocol: HTTP }] }`,
      );
    checkDefinition(
      gateway('‹|edge|›', 'web') +
        yaml('route.yaml', `${GATEWAY_API}HTTPRoute`, 'r', '{ parentRefs: [{ name: ed<|>ge, sectionName: web }] }'),
    );
    checkDefinition(
      gateway('edge', '‹|web|›') +
        yaml('route.yaml', `${GATEWAY_API}HTTPRoute`, 'r', '{ parentRefs: [{ name: edge, sectionName: w<|>eb }] }'),
    );
  });
  test('a parent of another kind is the service; one of another namespace is another', () => {
    const service = (name: string) => `//- s.yaml\napiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\n`;
    checkDefinition(
      service('‹|reviews|›') +
        yaml('r.yaml', `${GATEWAY_API}GRPCRoute`, 'r', '{ parentRefs: [{ group: "", kind: Service, name: rev<|>iews }] }'),
    );
    checkDefinition(
      service('reviews') +
        yaml('r.yaml', `${GATEWAY_API}TCPRoute`, 'r', '{ rules: [{ backendRefs: [{ name: rev<|>iews, namespace: other }] }] }'),
    );
  });
  test('a backend leads to the clusters of the dumps', () =>
    checkDefinition(
      yaml(
        'r.yaml',
        `${GATEWAY_API}HTTPRoute`,
        'r',
        '{ rules: [{ filters: [{ requestMirror: { backendRef: { name: rev<|>iews } } }] }] }',
      ) + dump({ clusters: '{"cluster": {"name": ‹|"outbound|9080||reviews.shop.svc.cluster.local"|›}}' }),
    ));
  test('classes, targets of policies', () => {
    checkDefinition(
      `//- class.yaml\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: { name: ‹|istio|› }\nspec: { controllerName: c }\n${yaml('g.yaml', `${GATEWAY_API}Gateway`, 'g', '{ gatewayClassName: is<|>tio }')}`,
    );
    checkDefinition(
      yaml('g.yaml', `${GATEWAY_API}Gateway`, '‹|waypoint|›', '{}') +
        yaml(
          'p.yaml',
          'security.istio.io/v1/AuthorizationPolicy',
          'p',
          '{ targetRefs: [{ kind: Gateway, group: gateway.networking.k8s.io, name: way<|>point }] }',
        ),
    );
  });
});

describe('what became of a resource', () => {
  test('a gateway: its virtual hosts and its own route configurations, in the proxies that it chooses', () => {
    const routes = `
{"route_config": {"name": "http.8080", "virtual_hosts": [{"name": ‹|"shop.example.com:80"|›, "domains": ["*"]}, {"name": "other.org:80", "domains": ["o"]}, {"name": "shop.example.com:81"}]}},
{"route_config": {"name": ‹|"https.443.https.edge.shop"|›, "virtual_hosts": []}},
{"route_config": {"name": "https.443.https.edge.other", "virtual_hosts": []}}`;
    const gateway = (istio: string) =>
      yaml(
        'gateway.yaml',
        `${ISTIO}Gateway`,
        'ed<|>ge',
        `{ selector: { istio: ${istio} }, servers: [{ port: { number: 80 }, hosts: ["./*.example.com"] }, { port: { number: 443 }, hosts: ["*"] }] }`,
      );
    checkReferences(gateway('ingress') + dump({ routes }));
    checkReferences(gateway('egress') + dump({ routes: routes.replace(/‹\||\|›/g, '') }));
  });
  const route = (name: string, path: string) =>
    `{"route_config": {"name": "http.80", "virtual_hosts": [{"name": "v", "domains": ["*"], "routes": [{"name": "${name}", "match": {"prefix": "/"}, "metadata": {"filter_metadata": {"istio": {"config": ${path}}}}}]}]}}`;
  const generated = (name: string) => `"/apis/networking.istio.io/v1/namespaces/shop/virtual-service/${name}"`;
  test('a Gateway and an HTTPRoute: the routes of the VirtualService that istiod made of them', () => {
    const httpRoute = (name: string, rule = '') =>
      yaml('route.yaml', `${GATEWAY_API}HTTPRoute`, name, `{ parentRefs: [{ name: edge }], rules: [{ ${rule} }] }`);
    const path = generated('shop~edge~istio-autogenerated-k8s-gateway~web~shop.example.com');
    checkReferences(httpRoute('r<|>1') + dump({ routes: route('shop.r1.0', `‹|${path}|›`) }));
    checkReferences(httpRoute('r<|>2') + dump({ routes: route('shop.r1.0', path) }));
    checkReferences(httpRoute('r<|>1', 'name: first') + dump({ routes: route('first', `‹|${path}|›`) }));
    checkReferences(yaml('g.yaml', `${GATEWAY_API}Gateway`, 'ed<|>ge', '{}') + dump({ routes: route('shop.r1.0', `‹|${path}|›`) }));
    checkReferences(httpRoute('r<|>1') + dump({ routes: route('shop.r1.0', `‹|${generated('r1-0-istio-autogenerated-k8s-gateway')}|›`) }));
  });
  test('and back, from the path to both', () =>
    checkDefinition(
      yaml('route.yaml', `${GATEWAY_API}HTTPRoute`, '‹|r1|›', '{ parentRefs: [{ name: edge }] }') +
        yaml('g.yaml', `${GATEWAY_API}Gateway`, '‹|edge|›', '{}') +
        dump({
          routes: route(
            'shop.r1.0',
            `"/apis/networking.istio.io/v1/namespaces/shop/virtual-serv<|>ice/shop~edge~istio-autogenerated-k8s-gateway~web~a.example"`,
          ),
        }),
    ));
  test('a route for a service, by the name of its rule', () => {
    const path = generated('shop~9080~reviews.shop.svc.cluster.local');
    const httpRoute = (parent: string) =>
      yaml(
        'route.yaml',
        `${GATEWAY_API}HTTPRoute`,
        'r<|>1',
        `{ parentRefs: [{ group: "", kind: Service, name: ${parent} }], rules: [{ name: split }] }`,
      );
    checkReferences(httpRoute('reviews') + dump({ routes: route('split', `‹|${path}|›`) }));
    checkReferences(httpRoute('ratings') + dump({ routes: route('split', path) }));
  });
  test('what Envoy Gateway calls after its maker', () =>
    checkReferences(
      yaml('route.yaml', `${GATEWAY_API}HTTPRoute`, 'r<|>1', '{}') +
        dump({ clusters: '{"cluster": {"name": ‹|"httproute/shop/r1/rule/0"|›}}, {"cluster": {"name": "httproute/shop/r10/rule/0"}}' }),
    ));
  test('an entry: its clusters; an address: its endpoints', () => {
    checkReferences(
      yaml('e.yaml', `${ISTIO}ServiceEntry`, 'e<|>x', '{ hosts: [api.example] }') +
        dump({ clusters: '{"cluster": {"name": ‹|"outbound|443||api.example"|›}}' }),
    );
    checkReferences(
      `${yaml('w.yaml', `${ISTIO}WorkloadEntry`, 'v<|>m', '{ address: 10.1.2.3 }')}//- eds.json
{"@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "cluster_name": "c", "endpoints": [{"lb_endpoints": [‹|{"endpoint": {"address": {"socket_address": {"address": "10.1.2.3", "port_value": 80}}}}|›]}]}`,
    );
  });
  test('an EnvoyFilter: the clusters and filters that it brings', () => {
    const listener = `{"name": "l", "filter_chains": [{"filters": [{"name": "h", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", "http_filters": [{"name": ‹|"my.lua"|›}, {"name": "other"}]}}]}]}`;
    checkReferences(
      yaml(
        'f.yaml',
        'networking.istio.io/v1alpha3/EnvoyFilter',
        'f<|>1',
        '{ configPatches: [{ applyTo: HTTP_FILTER, patch: { operation: INSERT_BEFORE, value: { name: my.lua } } }, { applyTo: CLUSTER, patch: { operation: ADD, value: { name: ext } } }, { applyTo: CLUSTER, patch: { operation: REMOVE, value: { name: gone } } }] }',
      ) +
        dump({ clusters: '{"cluster": {"name": ‹|"ext"|›}}, {"cluster": {"name": "gone"}}' }).replace(
          ']}\n',
          `, {"@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump", "dynamic_listeners": [{"name": "l", "active_state": {"listener": ${listener}}}]}]}\n`,
        ),
    );
  });
  test('policies in ztunnel', () =>
    checkReferences(
      `${yaml('p.yaml', 'security.istio.io/v1/PeerAuthentication', 'str<|>ict', '{ mtls: { mode: STRICT } }')}//- ztunnel.json
{"workloads": [], "services": [], "policies": [{"name": ‹|"converted_peer_authentication_strict"|›, "namespace": "shop", "scope": "Namespace", "action": "Deny", "rules": []}, {"name": "strict", "namespace": "other", "rules": []}]}`,
    ));
  test('the hover tells what became of it and for whom it is', () => {
    const text = hoverText(
      yaml('s.yaml', `${ISTIO}Sidecar`, 'only<|>own', '{ workloadSelector: { labels: { istio: ingress } } }') + dump({}),
    );
    expect(text).toContain('**Sidecar** `shop/onlyown`');
    expect(text).toContain('Meant for 1 proxy');
    expect(
      hoverText(yaml('t.yaml', 'telemetry.istio.io/v1/Telemetry', 't<|>1', '{ selector: { matchLabels: { istio: other } } }') + dump({})),
    ).toContain('Nothing in the open dumps');
    expect(hoverText(yaml('t.yaml', 'telemetry.istio.io/v1/Telemetry', 't1', '{}').replace('kind: T', 'kind: <|>T') + dump({}))).toContain(
      'Meant for 1 proxy',
    );
  });
  test('a name that nothing has is said to be so; a domain of others is not', () => {
    expect(hoverText(yaml('v.yaml', `${ISTIO}VirtualService`, 'v', '{ gateways: [no<|>ne] }'))).toContain(
      'Nothing in the workspace has it',
    );
    expect(hoverText(yaml('v.yaml', `${ISTIO}VirtualService`, 'v', '{ hosts: [www.ex<|>ample.org] }'))).not.toContain('Nothing');
  });
});

describe('hovers of a dump beside its Istio resources', () => {
  const config = (path: string) =>
    `{"route_config": {"name": "http.80", "virtual_hosts": [{"name": "v", "domains": ["*"], "routes": [{"name": "shop.r1.0", "match": {"prefix": "/"}, "route": {"cluster": "c"}, "metadata": {"filter_metadata": {"istio": {"config": "${path}"}}}}]}]}}`;
  const path = '/apis/networking.istio.io/v1/namespaces/shop/virtual-ser<|>vice/reviews';
  test('a path names its resource, and its file where there is one', () => {
    expect(hoverText(yaml('v.yaml', `${ISTIO}VirtualService`, 'reviews', '{}') + dump({ routes: config(path) }))).toContain('In `v.yaml`');
    expect(hoverText(dump({ routes: config(path) }))).toContain('its file is not in the workspace');
  });
  test('a route of the Gateway API tells its HTTPRoute, not the VirtualService that nobody wrote', () => {
    const route = (name: string) =>
      hoverText(
        dump({ routes: config(`/apis/networking.istio.io/v1/namespaces/shop/virtual-service/${name}`).replace('"prefix"', '"pre<|>fix"') }),
      );
    expect(route('shop~edge~istio-autogenerated-k8s-gateway~web~a.example')).toContain(
      'Made by HTTPRoute or GRPCRoute shop/r1 \\(Gateway shop/edge, listener web\\)',
    );
    expect(route('shop~80~reviews.shop.svc.cluster.local')).toContain('Made by HTTPRoute or GRPCRoute shop/r1 \\(service reviews');
    expect(route('r1-0-istio-autogenerated-k8s-gateway')).toContain('Made by HTTPRoute, GRPCRoute, TLSRoute or TCPRoute shop/r1');
    expect(route('reviews')).toContain('Made by VirtualService shop/reviews');
  });
  test('keys of the dump itself', () => {
    expect(hoverText('{"con<|>figs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump"}]}')).toContain(
      '`envoy.admin.v3.ConfigDump`',
    );
    expect(
      hoverText(
        '{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump", "boot<|>strap": {"node": {"id": "a"}}}]}',
      ),
    ).toContain('`bootstrap`: `Bootstrap`');
  });
  test('the workload of an endpoint', () =>
    expect(
      hoverText(
        '{"cluster_name": "c", "endpoints": [{"lb_endpoints": [{"metadata": {"filter_metadata": {"istio": {"workload": "v1-<|>abc;shop;reviews;;k1"}}}}]}]}',
      ),
    ).toContain('canonical service `reviews` · cluster `k1`'));
});

describe('of what a name in a dump was made', () => {
  test('a cluster: the subset, the rule, the entry and the service', () =>
    checkTypeDefinition(
      yaml('a.yaml', `${ISTIO}DestinationRule`, 'r', '{ host: ‹|reviews|›, subsets: [{ name: ‹|v1|› }, { name: v2 }] }') +
        yaml('b.yaml', `${ISTIO}ServiceEntry`, 'e', '{ hosts: [‹|reviews.shop.svc.cluster.local|›] }') +
        '//- c.yaml\napiVersion: v1\nkind: Service\nmetadata: { name: ‹|reviews|›, namespace: shop }\n' +
        dump({ clusters: '{"cluster": {"name": "outbound|9080|v<|>1|reviews.shop.svc.cluster.local"}}' }),
    ));
  test('a route configuration: the Gateway of its server', () =>
    checkTypeDefinition(
      yaml('g.yaml', `${ISTIO}Gateway`, '‹|edge|›', '{ servers: [] }') +
        dump({ routes: '{"route_config": {"name": "https.443.htt<|>ps-web.edge.shop", "virtual_hosts": []}}' }),
    ));
  test('a path: its resource', () =>
    checkTypeDefinition(
      yaml('v.yaml', `${ISTIO}VirtualService`, '‹|reviews|›', '{}') +
        dump({
          routes:
            '{"route_config": {"name": "80", "virtual_hosts": [{"name": "v", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "metadata": {"filter_metadata": {"istio": {"config": "/apis/networking.istio.io/v1/namespaces/shop/virtual-ser<|>vice/reviews"}}}}]}]}}',
        }),
    ));
  test('what Envoy Gateway made', () => {
    checkTypeDefinition(
      yaml('r.yaml', `${GATEWAY_API}HTTPRoute`, '‹|r1|›', '{}') +
        dump({ clusters: '{"cluster": {"name": "httproute/sh<|>op/r1/rule/0"}}' }),
    );
    checkTypeDefinition(
      yaml('g.yaml', `${GATEWAY_API}Gateway`, '‹|edge|›', '{ listeners: [{ name: ‹|web|› }, { name: other }] }') +
        dump({ routes: '{"route_config": {"name": "shop/ed<|>ge/web", "virtual_hosts": []}}' }),
    );
  });
  test('a name that nobody made: nothing', () =>
    checkTypeDefinition(yaml('g.yaml', `${ISTIO}Gateway`, 'edge', '{}') + dump({ clusters: '{"cluster": {"name": "pla<|>in"}}' })));
});

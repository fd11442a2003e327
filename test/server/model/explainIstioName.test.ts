/** Names that Istio makes, by the kind of thing that has them. */
import { expect, test } from 'vitest';
import { isOfIstio } from '../../../server/src/features/known/isOfIstio';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { explainIstioName, type NamedKind } from '../../../server/src/model/istio/explainIstioName';

test.each<[NamedKind, string, string]>([
  ['cluster', 'outbound|9080|v1|reviews.shop.svc.cluster.local', 'service reviews.shop.svc.cluster.local, port 9080, subset v1'],
  ['cluster', 'outbound_.9080_._.reviews.shop.svc.cluster.local', 'service reviews.shop.svc.cluster.local, port 9080'],
  ['cluster', 'inbound|9080||', 'own application on port 9080'],
  ['cluster', 'inbound-vip|9080|http|reviews.shop.svc.cluster.local', 'at its waypoint (http)'],
  ['cluster', 'inbound-pod|9080||10.0.0.1', 'pod 10.0.0.1'],
  ['cluster', 'PassthroughCluster', 'original destination'],
  ['cluster', 'InboundPassthroughCluster', 'no service names'],
  ['cluster', 'BlackHoleCluster', 'no endpoints'],
  ['cluster', 'AllowAnyDynamicDNSCluster', 'resolves the host'],
  ['cluster', 'connect_originate', 'opens the HBONE tunnel'],
  ['cluster', 'outer_connect_originate', 'gateway of another network'],
  ['cluster', 'forward_inner_connect', 'inner tunnel'],
  ['listener', 'forward_inner_connect', 'inner tunnel'],
  ['cluster', 'local_cluster', 'own zone'],
  ['cluster', 'UnknownService', 'that the route may not use'],
  ['route_configuration', 'http_proxy', 'as to an HTTP proxy'],
  ['route_configuration', 'unix:///run/a.sock', 'socket /run/a.sock'],
  ['filter_chain', '10.0.0.1_9080', 'own application on port 9080'],
  ['cluster', 'main_internal', 'waypoint'],
  ['cluster', 'agent', 'agent in the pod'],
  ['cluster', 'sds-grpc', 'certificate source'],
  ['cluster', 'xds-grpc', 'istiod'],
  ['cluster', 'zipkin', 'Zipkin'],
  ['cluster', 'prometheus_stats', 'metrics'],
  ['listener', 'virtualOutbound', '15001'],
  ['listener', 'virtualInbound', '15006'],
  ['listener', '0.0.0.0_8080', 'every address, port 8080'],
  ['listener', '10.96.0.1_443', 'address 10.96.0.1, port 443'],
  ['listener', 'fd00::1_443', 'address fd00::1, port 443'],
  ['listener', '0.0.0.0_15021', 'readiness'],
  ['listener', 'connect_terminate', 'takes HBONE'],
  ['filter_chain', 'virtualInbound-blackhole', '15006 itself'],
  ['filter_chain', 'virtualOutbound-catchall-tcp', 'no other listener'],
  ['filter_chain', 'virtualInbound', 'no service names'],
  ['filter_chain', '0.0.0.0_9080', 'own application on port 9080'],
  ['filter_chain', 'direct-http', 'past every service'],
  ['route_configuration', '8080', 'services of port 8080'],
  ['route_configuration', 'http.8080', "proxy's port 8080"],
  ['route_configuration', 'https.443.https-web.edge.shop', 'server https-web (port 443) of the Gateway shop/edge'],
  ['route_configuration', 'https.443.default.edge.v2.shop', 'Gateway shop/edge.v2'],
  ['route_configuration', 'inbound|9080||', 'own application'],
  ['route_configuration', 'reviews.shop.svc.cluster.local:9080', 'service reviews.shop.svc.cluster.local, port 9080'],
  ['route_configuration', 'block_all', '502'],
  ['virtual_host', 'allow_any', 'original destination'],
  ['virtual_host', 'inbound|http|9080', 'port 9080 of the service'],
  ['virtual_host', 'blackhole:80', '404'],
  ['virtual_host', 'reviews.shop.svc.cluster.local:9080', 'port 9080'],
])('%s %s', (kind, name, words) => expect(explainIstioName(kind, name, true)).toContain(words));

test.each<[NamedKind, string]>([
  ['cluster', 'agent'],
  ['cluster', 'zipkin'],
  ['cluster', 'service_a'],
  ['listener', '0.0.0.0_8080'],
  ['filter_chain', 'default'],
  ['route_configuration', '8080'],
  ['route_configuration', 'constructor'],
  ['virtual_host', 'a.example:80'],
])('%s %s means nothing in a proxy of others', (kind, name) => expect(explainIstioName(kind, name, false)).toBeUndefined());
test('names of JavaScript’s own mean nothing', () => {
  for (const kind of ['cluster', 'listener', 'virtual_host'] as const) {
    expect(explainIstioName(kind, 'constructor', true)).toBeUndefined();
    expect(explainIstioName(kind, '__proto__', true)).toBeUndefined();
  }
});
test('a proxy is Istio’s by its id, or by what only Istio makes', () => {
  const isIstio = (text: string) => buildSnapshot([{ uri: 'a.json', text }]).proxies.map(isOfIstio);
  const node = (id: string) =>
    `{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump", "bootstrap": {"node": {"id": "${id}"}}}]}`;
  expect(isIstio(node('sidecar~10.0.0.1~a.b~b.svc.cluster.local'))).toEqual([true]);
  expect(isIstio(node('my-envoy'))).toEqual([false]);
  expect(isIstio('[{"name": "PassthroughCluster", "type": "ORIGINAL_DST"}, {"name": "agent", "type": "STATIC"}]')).toEqual([true]);
  expect(isIstio('[{"name": "agent", "type": "STATIC"}]')).toEqual([false]);
});

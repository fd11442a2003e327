/** Names in Istio's and the Gateway API's own resources, as the list of links has them. */
import { describe, expect, test } from 'vitest';
import { collectLinks } from '../../../server/src/cli/linksCommand';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { checkDefinition, checkHover, checkReferences } from '../../support/check';

const resource = (version: string, kind: string, name: string, spec: string) =>
  `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
const ISTIO = 'networking.istio.io/v1';

function linksOf(...texts: string[]): string[] {
  const files = texts.map((text, at) => ({ uri: `file:///${at}.${text.startsWith('{') ? 'json' : 'yaml'}`, text }));
  return collectLinks(buildSnapshot(files)).map(
    ({ kind, name, from, to, status }) =>
      `${kind} ${name} ${from.pointer} → ${to.map(({ uri, pointer }) => `${uri.slice(8)}${pointer}`).join(', ') || status}`,
  );
}

const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: reviews, namespace: shop }\n';
const virtualService = resource(
  ISTIO,
  'VirtualService',
  'v',
  '{ hosts: [www.example.org], gateways: [edge], http: [{ route: [{ destination: { host: reviews, subset: v1 } }, { destination: { host: reviews, subset: v9 } }] }] }',
);
const rule = resource(ISTIO, 'DestinationRule', 'r', '{ host: reviews, subsets: [{ name: v1 }] }');

describe('links of Istio’s own resources', () => {
  test('lead to the resources that define the names', () =>
    expect(linksOf(virtualService, rule, service, resource(ISTIO, 'Gateway', 'edge', '{}'))).toEqual([
      'host www.example.org /spec/hosts/0 → unchecked',
      'networking.istio.io/Gateway edge /spec/gateways/0 → 3.yaml',
      'host reviews.shop.svc.cluster.local /spec/http/0/route/0/destination/host → 1.yaml/spec/host, 2.yaml',
      'subset v1 /spec/http/0/route/0/destination/subset → 1.yaml/spec/subsets/0',
      'host reviews.shop.svc.cluster.local /spec/http/0/route/1/destination/host → 1.yaml/spec/host, 2.yaml',
      'subset v9 /spec/http/0/route/1/destination/subset → missing',
      'host reviews.shop.svc.cluster.local /spec/host → 2.yaml',
    ]));

  test('and to what the dumps made of them', () => {
    const dump =
      '{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [{"cluster": {"name": "outbound|80||reviews.shop.svc.cluster.local"}}]}]}';
    expect(linksOf(rule, dump)[0]).toBe(
      'host reviews.shop.svc.cluster.local /spec/host → 1.json/configs/0/dynamic_active_clusters/0/cluster',
    );
  });
});

describe('providers of the mesh', () => {
  const operator = (name: string) =>
    `//- mesh.yaml\napiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: o, namespace: istio-system }\nspec: { meshConfig: { extensionProviders: [{ name: ${name}, zipkin: { service: shop/reviews.shop.svc.cluster.local, port: 9411 } }] } }\n`;

  test('are what Telemetry and policies name', () => {
    checkDefinition(
      operator('‹|zip|›') +
        `//- t.yaml\n${resource('telemetry.istio.io/v1', 'Telemetry', 't', '{ tracing: [{ providers: [{ name: zi<|>p }] }] }')}`,
    );
    checkReferences(
      operator('z<|>ip') +
        `//- p.yaml\n${resource('security.istio.io/v1', 'AuthorizationPolicy', 'p', '{ action: CUSTOM, provider: { name: ‹|zip|› } }')}`,
    );
  });

  test('stand in the text of istiod’s ConfigMap, too', () => {
    const map = (name: string) =>
      `//- map.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\ndata:\n  mesh: |-\n    rootNamespace: istio-system\n    extensionProviders:\n    - name: ${name}\n      zipkin: { service: reviews.shop.svc.cluster.local, port: 9411 }\n`;
    checkDefinition(
      map('‹|zip|›') +
        `//- t.yaml\n${resource('telemetry.istio.io/v1', 'Telemetry', 't', '{ tracing: [{ providers: [{ name: zi<|>p }] }] }')}`,
    );
    checkHover(map('zip').replace('zipkin', 'zip<|>kin'), 'ZipkinTracingProvider');
  });

  test('name the service behind them', () =>
    checkReferences(
      `//- s.yaml\n${service.replace('reviews', 'revi<|>ews')}${operator('zip').replace('shop/reviews.shop.svc.cluster.local', '‹|shop/reviews.shop.svc.cluster.local|›')}`,
    ));
});

describe('matches of an EnvoyFilter', () => {
  const filter = (match: string) =>
    `//- f.yaml\n${resource('networking.istio.io/v1alpha3', 'EnvoyFilter', 'f', `{ configPatches: [{ applyTo: CLUSTER, match: ${match}, patch: { operation: MERGE, value: {} } }] }`)}`;
  const dump = (name: string) =>
    `//- dump.json\n{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [{"cluster": {"name": ${name}}}]}]}\n`;

  test('lead to the clusters of the dumps, and back', () => {
    checkDefinition(filter('{ cluster: { name: ou<|>ter } }') + dump('‹|"outer"|›'));
    checkReferences(filter('{ cluster: { name: ‹|outer|› } }') + dump('"ou<|>ter"'));
  });

  test('name gateways with their namespace', () =>
    checkDefinition(
      filter('{ routeConfiguration: { gateway: shop/ed<|>ge } }') + `//- g.yaml\n${resource(ISTIO, 'Gateway', '‹|edge|›', '{}')}`,
    ));
});

/** Names beyond their proxy: in patches of EnvoyFilters, and of a dump in the workspace's YAML. */
import { describe, expect, test } from 'vitest';
import { collectLinks } from '../../../server/src/cli/linksCommand';
import { findHighlights } from '../../../server/src/features/references';
import { checkDefinition, checkReferences } from '../../support/check';
import { placeOf, readFixture, snapshotOf } from '../../support/fixture';

const resource = (file: string, version: string, kind: string, spec: string) =>
  `//- ${file}\napiVersion: ${version}\nkind: ${kind}\nmetadata: { name: x, namespace: shop }\nspec: ${spec}\n`;
const ISTIO = 'networking.istio.io/v1';
const dump = (clusters: string, labels = '"app": "web"') => `//- dump.json
{"configs": [
  {"@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump", "bootstrap": {"node": {"id": "sidecar~10.0.0.1~web.shop~shop.svc.cluster.local", "metadata": {"LABELS": {${labels}}, "NAMESPACE": "shop"}}}},
  {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [${clusters}]}]}
`;
const cluster = (name: string) => `{"cluster": {"name": ${name}}}`;
const route = (name: string, file = 'filter.yaml') =>
  resource(
    file,
    'networking.istio.io/v1alpha3',
    'EnvoyFilter',
    `{ workloadSelector: { labels: { app: web } }, configPatches: [{ applyTo: HTTP_ROUTE, patch: { operation: MERGE, value: { route: { cluster: ${name} } } } }] }`,
  );
const added = (name: string) =>
  resource(
    'added.yaml',
    'networking.istio.io/v1alpha3',
    'EnvoyFilter',
    `{ configPatches: [{ applyTo: CLUSTER, patch: { operation: ADD, value: { name: ${name} } } }] }`,
  );

describe('a name in a patch', () => {
  test('leads to the cluster of the proxies that the filter chooses', () =>
    checkDefinition(route('ou<|>ter') + dump(cluster('‹|"outer"|›'))));

  test('leads to a cluster that another patch adds', () => checkDefinition(route('ou<|>ter') + added('‹|outer|›') + dump(cluster('"c"'))));

  test('is resolved in the list of links, too; missing where the chosen proxies lack it, unchecked where none is open', () => {
    const statuses = (source: string) =>
      collectLinks(snapshotOf(readFixture(source)))
        .filter(({ name }) => name === 'outer')
        .map(({ status, to }) => `${status} ${to.map(({ pointer }) => pointer).join()}`);
    expect(statuses(route('ou<|>ter') + dump(cluster('"outer"')))).toEqual(['resolved /configs/1/dynamic_active_clusters/0/cluster']);
    expect(statuses(route('ou<|>ter') + added('outer'))).toEqual(['resolved /spec/configPatches/0/patch/value']);
    expect(statuses(route('ou<|>ter') + dump(cluster('"c"')))).toEqual(['missing ']);
    expect(statuses(route('ou<|>ter') + dump(cluster('"c"'), '"app": "other"'))).toEqual(['unchecked ']);
  });

  test('has references: in other patches, and in dumps', () =>
    checkReferences(
      route('‹|ou<|>ter|›') +
        route('‹|outer|›', 'other.yaml') +
        dump(
          `{"cluster": {"name": "agg", "cluster_type": {"name": "a", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig", "clusters": [‹|"outer"|›]}}}}`,
        ),
    ));

  test('is highlighted in its file', () =>
    expect(findHighlights(placeOf(readFixture(route('ou<|>ter') + route('outer', 'other.yaml'))))).toHaveLength(1));
});

describe('references to a cluster of a dump in YAML', () => {
  const destinations = (first: string, second: string) =>
    resource(
      'v.yaml',
      ISTIO,
      'VirtualService',
      `{ hosts: [api.example], http: [{ route: [{ destination: { host: ${first}, port: { number: 9080 } } }, { destination: { host: reviews, subset: ${second} } }, { destination: { host: reviews, port: { number: 1 } } }] }] }`,
    );
  const rule = (host: string, subset: string) =>
    resource('d.yaml', ISTIO, 'DestinationRule', `{ host: ${host}, subsets: [{ name: ${subset} }] }`);
  const backend = (name: string) =>
    resource(
      'h.yaml',
      'gateway.networking.k8s.io/v1',
      'HTTPRoute',
      `{ rules: [{ backendRefs: [{ name: ${name}, port: 9080 }, { name: reviews, port: 1 }] }] }`,
    );

  test('are the destinations of its host and port, the rule and the backend', () =>
    checkReferences(
      destinations('‹|reviews|›', 'v1') +
        rule('‹|reviews|›', 'v1') +
        backend('‹|reviews|›') +
        dump(cluster('"outbound|9080|<|>|reviews.shop.svc.cluster.local"')),
    ));

  test('of a subset: the destinations that choose it', () =>
    checkReferences(
      destinations('reviews', '‹|v1|›') +
        rule('‹|reviews|›', 'v1') +
        backend('reviews') +
        dump(cluster('"outbound|9080|v<|>1|reviews.shop.svc.cluster.local"')),
    ));

  test('are its uses in patches, and in the bootstrap of the proxy', () =>
    checkReferences(
      route('‹|own|›') +
        `//- envoy.yaml\nstatic_resources:\n  clusters: [{ name: own }]\n  listeners: [{ name: l, filter_chains: [{ filters: [{ name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: s, cluster: ‹|own|› } }] }] }]\n` +
        dump(cluster('"o<|>wn"')),
    ));

  test('are not in the bootstrap of another proxy', () =>
    checkReferences(
      `//- envoy.yaml\nnode: { id: other, cluster: c }\nstatic_resources:\n  clusters: [{ name: own }]\n  listeners: [{ name: l, filter_chains: [{ filters: [{ name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: s, cluster: own } }] }] }]\n` +
        dump(cluster('"o<|>wn"')),
    ));
});

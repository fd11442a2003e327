/** Every shape in which a configuration comes is recognised by its content. */
import { describe, expect, test } from 'vitest';
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { readDocument } from '../../../server/src/model/document/readDocument';
import { parseText } from '../../../server/src/syntax/parseText';

const read = (text: string) => readDocument(parseText('file', text));
/** `kind name state` of every resource. */
const resources = (text: string) => read(text).flatMap((part) => part.resources.map(({ kind, name, state }) => `${kind} ${name} ${state}`));
const kinds = (text: string) => read(text).map(({ kind }) => kind);

const ADMIN = 'type.googleapis.com/envoy.admin.v3';
const CLUSTER = '"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "c"';
const LISTENER = '"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "l"';

describe('config_dump', () => {
  test('listeners in all their states, failed ones apart', () =>
    expect(
      resources(`{"configs": [{"@type": "${ADMIN}.ListenersConfigDump", "static_listeners": [{"listener": {${LISTENER}}}], "dynamic_listeners": [
        {"name": "l", "active_state": {"listener": {${LISTENER}}}, "warming_state": {"listener": {${LISTENER}}}, "draining_state": {"listener": {${LISTENER}}}},
        {"error_state": {"failed_configuration": {${LISTENER}}, "details": "no"}}]}]}`),
    ).toEqual(['listener l static', 'listener l active', 'listener l warming', 'listener l draining', 'listener l error']));
  test('camelCase, YAML', () =>
    expect(
      resources(
        `configs:\n- "@type": ${ADMIN}.ClustersConfigDump\n  dynamicActiveClusters:\n  - cluster: {${CLUSTER}}\n  dynamicWarmingClusters:\n  - cluster: {${CLUSTER}}`,
      ),
    ).toEqual(['cluster c active', 'cluster c warming']));
  test('?resource= packs the entries themselves', () =>
    expect(resources(`{"configs": [{"@type": "${ADMIN}.ClustersConfigDump.DynamicCluster", "cluster": {${CLUSTER}}}]}`)).toEqual([
      'cluster c active',
    ]));
  test('?mask= leaves types and members out', () =>
    expect(resources('{"configs": [{"dynamic_active_clusters": [{"cluster": {"name": "c"}}]}]}')).toEqual(['cluster c active']));
  test('scoped routes, secrets, ECDS, endpoints', () =>
    expect(
      resources(`{"configs": [
        {"@type": "${ADMIN}.ScopedRoutesConfigDump", "dynamic_scoped_route_configs": [{"name": "set", "scoped_route_configs": [{"name": "s"}]}]},
        {"@type": "${ADMIN}.SecretsConfigDump", "dynamic_active_secrets": [{"name": "default", "secret": {"tls_certificate": {}}}]},
        {"@type": "${ADMIN}.EcdsConfigDump", "ecds_filters": [{"ecds_filter": {"name": "wasm"}}]},
        {"@type": "${ADMIN}.EndpointsConfigDump", "dynamic_endpoint_configs": [{"endpoint_config": {"cluster_name": "c", "endpoints": []}}]}]}`),
    ).toEqual([
      'scoped_route_configuration s active',
      'secret default active',
      'extension_config wasm active',
      'load_assignment c active',
    ]));
});

describe('files and tools', () => {
  test('bootstrap', () => {
    expect(kinds('static_resources: { clusters: [{ name: c }] }')).toEqual(['bootstrap']);
    expect(resources('node: { id: a }\nadmin: {}\ndynamic_resources: { cds_config: { path: ./c.yaml } }')).toEqual(['bootstrap  static']);
  });
  test('filesystem xDS, with delta wrappers', () =>
    expect(resources(`{"resources": [{${CLUSTER}}, {"name": "l", "version": "1", "resource": {${LISTENER}}}]}`)).toEqual([
      'cluster c plain',
      'listener l plain',
    ]));
  test.each([
    ['a listener', '{"name": "l", "filterChains": []}', 'listener l plain'],
    ['a cluster', 'name: c\nconnect_timeout: 1s', 'cluster c plain'],
    ['a route configuration', 'name: r\nvirtual_hosts: []', 'route_configuration r plain'],
    ['endpoints', '{"clusterName": "c", "endpoints": [{"lbEndpoints": []}]}', 'load_assignment c plain'],
    ['a secret', 'name: s\nvalidation_context: {}', 'secret s plain'],
  ])('a bare resource without @type: %s', (_, text, expected) => expect(resources(text)).toEqual([expected]));
  test('istioctl proxy-config lists', () => {
    expect(resources('[{"name": "l", "address": {}, "filterChains": []}, {"name": "m", "filterChains": []}]')).toEqual([
      'listener l plain',
      'listener m plain',
    ]);
    expect(resources('[{"name": "c", "addedViaApi": true, "hostStatuses": []}]')).toEqual(['cluster_status c plain']);
    expect(resources('{"dynamicActiveSecrets": [{"name": "default", "secret": {"name": "default", "tlsCertificate": {}}}]}')).toEqual([
      'secret default active',
    ]);
    expect(resources('{"bootstrap": {"node": {"id": "a"}}, "lastUpdated": "x"}')).toEqual(['bootstrap  static']);
  });
  test('/clusters?format=json says which endpoints there are', () => {
    const [part] = read('{"cluster_statuses": [{"name": "c", "host_statuses": []}]}');
    expect(part?.hasEndpoints).toBe(true);
    expect(part?.resources.map(({ kind }) => kind)).toEqual(['cluster_status']);
  });
  test('egctl: a proxy for each pod', () => {
    const { proxies } = buildSnapshot([
      {
        uri: 'eg.json',
        text: `{"ns": {"pod-a": {"@type": "${ADMIN}.ClustersConfigDump", "dynamicActiveClusters": [{"cluster": {${CLUSTER}}}]}, "pod-b": {"configs": []}}}`,
      },
    ]);
    expect(proxies.map(({ id }) => id)).toEqual(['ns/pod-a', 'ns/pod-b']);
  });
  test('an envoy.yaml inside a ConfigMap', () =>
    expect(kinds('apiVersion: v1\nkind: ConfigMap\ndata:\n  envoy.yaml: |\n    static_resources:\n      clusters: []\n')).toEqual([
      'bootstrap',
    ]));
  test("the Rust ztunnel's dump", () => expect(kinds('{"workloads": [], "services": [], "policies": []}')).toEqual(['ztunnel']));
  test("Istio's own resources", () =>
    expect(resources('apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: v }')).toEqual([
      'istio_resource v plain',
    ]));
  test.each(['hello: world', '{"compilerOptions": {}}', '[1, 2]', '', '{"name": "npm", "version": "1.0.0"}'])('not ours: %j', (text) =>
    expect(read(text)).toEqual([]),
  );
});

describe('proxies', () => {
  test('of two dumps of one node the newer by its own timestamps counts', () => {
    const dump = (uri: string, time: string) => ({
      uri,
      text: `{"configs": [{"@type": "${ADMIN}.BootstrapConfigDump", "bootstrap": {"node": {"id": "n"}}}, {"@type": "${ADMIN}.ClustersConfigDump", "dynamic_active_clusters": [{"last_updated": "${time}", "cluster": {${CLUSTER}}}]}]}`,
    });
    const { proxies } = buildSnapshot([dump('new.json', '2026-02-02T00:00:00Z'), dump('old.json', '2026-01-01T00:00:00Z')]);
    expect(proxies.map(({ uris, supersededBy }) => [uris[0], supersededBy])).toEqual([
      ['new.json', undefined],
      ['old.json', 'new.json'],
    ]);
  });
  test('loose files of a folder are one proxy; a bootstrap takes the files that it names', () => {
    const loose = buildSnapshot([
      { uri: 'a/lds.yaml', text: 'resources: [{ "@type": x/envoy.config.listener.v3.Listener, name: l }]' },
      { uri: 'a/cds.yaml', text: 'resources: [{ "@type": x/envoy.config.cluster.v3.Cluster, name: c }]' },
      { uri: 'b/cds.yaml', text: 'resources: [{ "@type": x/envoy.config.cluster.v3.Cluster, name: c }]' },
    ]);
    expect(loose.proxies.map(({ uris }) => uris)).toEqual([['a/lds.yaml', 'a/cds.yaml'], ['b/cds.yaml']]);
    const named = buildSnapshot([
      { uri: 'a/envoy.yaml', text: 'node: { id: e }\ndynamic_resources: { cds_config: { path: ./cds.yaml } }' },
      { uri: 'a/cds.yaml', text: 'resources: [{ "@type": x/envoy.config.cluster.v3.Cluster, name: c }]' },
    ]);
    expect(named.proxies.map(({ id, uris }) => [id, uris])).toEqual([['e', ['a/envoy.yaml', 'a/cds.yaml']]]);
  });
  test('Windows paths have folders, too', () => {
    const { proxies } = buildSnapshot([
      { uri: 'C:\\a\\lds.yaml', text: 'resources: [{ "@type": x/envoy.config.listener.v3.Listener, name: l }]' },
      { uri: 'C:\\a\\cds.yaml', text: 'resources: [{ "@type": x/envoy.config.cluster.v3.Cluster, name: c }]' },
    ]);
    expect(proxies).toHaveLength(1);
  });
});

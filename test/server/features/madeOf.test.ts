/** What became of resources that have no name of their own in a dump: found by ports, hosts, clusters and the workloads that they choose. */
import { describe, test } from 'vitest';
import { checkReferences } from '../../support/check';

const yaml = (version: string, kind: string, spec: string) =>
  `//- resource.yaml\napiVersion: ${version}\nkind: ${kind}\nmetadata: { name: ed<|>ge, namespace: shop }\nspec: ${spec}\n`;
const ISTIO = 'networking.istio.io/v1';
const GATEWAY_API = 'gateway.networking.k8s.io/v1';

interface Parts {
  readonly type?: 'router' | 'sidecar';
  readonly listeners?: readonly string[];
  readonly clusters?: readonly string[];
  readonly routes?: readonly string[];
  readonly metadata?: string;
}
const dump = ({ type = 'router', listeners = [], clusters = [], routes = [], metadata = '' }: Parts) => `//- dump.json
{"configs": [
  {"@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump", "bootstrap": {"node": {"id": "${type}~10.0.0.1~pod.shop~shop.svc.cluster.local", "metadata": {"LABELS": {"app": "web", "gateway.networking.k8s.io/gateway-name": "edge"}, "NAMESPACE": "shop"${metadata}}}}},
  {"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "dynamic_active_clusters": [${clusters.map((name) => `{"cluster": {"name": ${name}}}`).join()}]},
  {"@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump", "dynamic_listeners": [${listeners.map((each) => `{"active_state": {"listener": ${each}}}`).join()}]},
  {"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump", "dynamic_route_configs": [${routes.map((each) => `{"route_config": ${each}}`).join()}]}]}
`;
const listener = (name: string, port: number, chains: readonly string[], more = '') =>
  `{"name": ${name}, "address": {"socket_address": {"address": "0.0.0.0", "port_value": ${port}}}${more}, "filter_chains": [${chains.join()}]}`;
const match = (serverNames?: string, port?: number) =>
  `"filter_chain_match": {${[...(serverNames === undefined ? [] : [`"server_names": [${serverNames}]`]), ...(port === undefined ? [] : [`"destination_port": ${port}`])].join()}}`;
const filter = (type: string, body: string) =>
  `{"name": "f", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.network.${type}"${body}}}`;
const tcp = (cluster: string, matching: string, name: string) =>
  `{${matching}, "filters": [${filter('tcp_proxy.v3.TcpProxy', `, "cluster": "${cluster}"`)}], "name": ${name}}`;
const http = (body: string, name = '"h"') =>
  `{"name": ${name}, "filters": [${filter('http_connection_manager.v3.HttpConnectionManager', body)}]}`;
const rds = (name: string) => `, "rds": {"route_config_name": ${name}}`;

describe('an Istio Gateway', () => {
  const gateway = (servers: string) => yaml(ISTIO, 'Gateway', `{ selector: { app: web }, servers: [${servers}] }`);

  test('of HTTPS: the chain that asks for its routes', () =>
    checkReferences(
      gateway('{ port: { number: 443, protocol: HTTPS }, hosts: ["*"], tls: { mode: SIMPLE } }') +
        dump({
          listeners: [
            listener('"l"', 8443, [http(rds('"https.443.https.edge.shop"'), '‹|"own"|›'), http(rds('"https.443.https.other.shop"'))]),
          ],
        }),
    ));

  const passthrough = '{ port: { number: 443, protocol: TLS }, hosts: ["shop/*.example.com"], tls: { mode: PASSTHROUGH } }';
  const service = (port: string) =>
    `//- service.yaml\napiVersion: v1\nkind: Service\nmetadata: { name: edge, namespace: shop }\nspec: { selector: { app: web }, ports: [{ name: tls, port: 443, targetPort: ${port} }] }\n`;

  test('of TLS and TCP: the chains of its port and hosts', () =>
    checkReferences(
      gateway(`${passthrough}, { port: { number: 31400, protocol: TCP }, hosts: ["*"] }`) +
        service('8443') +
        dump({
          listeners: [
            listener('"l"', 8443, [
              tcp('c', match('"a.example.com"'), '‹|"a"|›'),
              tcp('c', match('"b.example.org"'), '"b"'),
              tcp('c', match(), '"none"'),
            ]),
            listener('"m"', 31400, [tcp('c', match(), '‹|"t"|›')]),
            listener('"n"', 15443, [tcp('c', match('"a.example.com"'), '"x"')]),
          ],
        }),
    ));

  test('of TLS: its Service’s port has a name, which the Deployment explains', () =>
    checkReferences(
      gateway(passthrough) +
        service('secure') +
        '//- pods.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d, namespace: shop }\nspec: { template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: c, ports: [{ name: secure, containerPort: 9443 }] }] } } }\n' +
        dump({
          listeners: [
            listener('"l"', 8443, [tcp('c', match('"a.example.com"'), '"a"')]),
            listener('"m"', 9443, [tcp('c', match('"a.example.com"'), '‹|"b"|›')]),
          ],
        }),
    ));

  test('of TLS: without a Service, the port itself and no other', () =>
    checkReferences(
      gateway(passthrough) +
        dump({
          listeners: [
            listener('"l"', 8443, [tcp('c', match('"a.example.com"'), '"a"')]),
            listener('"m"', 443, [tcp('c', match('"a.example.com"'), '‹|"b"|›')]),
          ],
        }),
    ));
});

test('a Gateway of the Gateway API: the listeners of its ports, in its own proxy', () =>
  checkReferences(
    yaml(GATEWAY_API, 'Gateway', '{ gatewayClassName: istio, listeners: [{ name: web, port: 80, protocol: HTTP }] }') +
      dump({ listeners: [listener('‹|"0.0.0.0_80"|›', 80, []), listener('"0.0.0.0_15021"', 15021, [])] }),
  ));

describe('routes of TLS and TCP', () => {
  const chains = (first: string, second: string) =>
    dump({
      type: 'sidecar',
      listeners: [
        listener('"l"', 443, [
          tcp('outbound|8443|v1|db.shop.svc.cluster.local', match('"db.example"'), first),
          tcp('outbound|8443||db.shop.svc.cluster.local', match('"other.example"'), '"o"'),
        ]),
        listener('"m"', 3306, [tcp('outbound|8443||db.shop.svc.cluster.local', match(), second)]),
      ],
    });

  test('a VirtualService: the chains that send where it sends', () => {
    const to = (match: string, subset = '') =>
      `{ match: [${match}], route: [{ destination: { host: db, port: { number: 8443 }${subset} } }] }`;
    checkReferences(
      yaml(
        ISTIO,
        'VirtualService',
        `{ hosts: [db], tls: [${to('{ port: 443, sniHosts: [db.example] }', ', subset: v1')}], tcp: [${to('{ port: 3306 }')}] }`,
      ) + chains('‹|"a"|›', '‹|"b"|›'),
    );
    checkReferences(yaml(ISTIO, 'VirtualService', `{ hosts: [db], tcp: [${to('{ port: 3307 }')}] }`) + chains('"a"', '"b"'));
  });

  test('a TLSRoute and a TCPRoute', () => {
    const rules = 'rules: [{ backendRefs: [{ name: db, port: 8443 }] }]';
    checkReferences(
      yaml('gateway.networking.k8s.io/v1alpha2', 'TLSRoute', `{ hostnames: [other.example], ${rules} }`) +
        chains('"a"', '‹|"b"|›').replace('"o"', '‹|"o"|›'),
    );
    checkReferences(
      yaml('gateway.networking.k8s.io/v1alpha2', 'TCPRoute', '{ rules: [{ backendRefs: [{ name: db, port: 1 }] }] }') +
        chains('"a"', '"b"'),
    );
  });
});

describe('for workloads', () => {
  const manager = `, "http_filters": [{"name": "istio.stats"}, {"name": "other"}], "access_log": [{"name": "x"}], "tracing": {"client_sampling": {"value": 100}}`;

  test('PeerAuthentication: the inbound listener, and the chains of its ports', () =>
    checkReferences(
      yaml(
        'security.istio.io/v1',
        'PeerAuthentication',
        '{ selector: { matchLabels: { app: web } }, portLevelMtls: { 8080: { mode: DISABLE } } }',
      ) +
        dump({
          type: 'sidecar',
          listeners: [
            listener('‹|"virtualInbound"|›', 15006, [tcp('c', match(undefined, 8080), '‹|"p"|›'), tcp('c', match(undefined, 9090), '"q"')]),
            listener('"virtualOutbound"', 15001, []),
          ],
        }),
    ));

  test('Telemetry: logs, tracing, statistics', () => {
    const marked = (spec: string, marks: Record<string, string>) =>
      checkReferences(
        yaml('telemetry.istio.io/v1', 'Telemetry', spec) +
          dump({
            listeners: [listener('"l"', 80, [http(Object.entries(marks).reduce((text, [from, to]) => text.replace(from, to), manager))])],
          }),
      );
    marked('{ accessLogging: [{ providers: [{ name: envoy }] }] }', { '[{"name": "x"}]': '‹|[{"name": "x"}]|›' });
    marked('{ tracing: [{}] }', { '{"client_sampling": {"value": 100}}': '‹|{"client_sampling": {"value": 100}}|›' });
    marked('{ metrics: [{}] }', { '"istio.stats"': '‹|"istio.stats"|›' });
  });

  test('Sidecar: the listeners and clusters of its ports', () =>
    checkReferences(
      yaml(
        ISTIO,
        'Sidecar',
        '{ egress: [{ port: { number: 9080 }, hosts: ["./*"] }], ingress: [{ port: { number: 8080 }, defaultEndpoint: "127.0.0.1:8080" }] }',
      ) +
        dump({
          type: 'sidecar',
          listeners: [listener('‹|"0.0.0.0_9080"|›', 9080, []), listener('"0.0.0.0_80"', 80, [])],
          clusters: ['‹|"inbound|8080||"|›', '"inbound|9090||"'],
        }),
    ));

  test('ProxyConfig: what the bootstrap has of it', () =>
    checkReferences(
      yaml('networking.istio.io/v1beta1', 'ProxyConfig', '{ concurrency: 1 }') +
        dump({ metadata: ', "PROXY_CONFIG": ‹|{"concurrency": 1}|›' }),
    ));
});

describe('an EnvoyFilter', () => {
  const patches = (...all: string[]) => yaml('networking.istio.io/v1alpha3', 'EnvoyFilter', `{ configPatches: [${all.join(', ')}] }`);

  test('what it merges into, by the match', () =>
    checkReferences(
      patches(
        '{ applyTo: CLUSTER, match: { cluster: { name: c } }, patch: { operation: MERGE, value: { connect_timeout: 1s } } }',
        '{ applyTo: VIRTUAL_HOST, match: { routeConfiguration: { vhost: { name: v } } }, patch: { operation: MERGE, value: {} } }',
      ) + dump({ clusters: ['‹|"c"|›', '"d"'], routes: ['{"name": "r", "virtual_hosts": [{"name": ‹|"v"|›, "domains": ["*"]}]}'] }),
    ));

  test('network and listener filters that it brings', () =>
    checkReferences(
      patches(
        '{ applyTo: NETWORK_FILTER, patch: { operation: INSERT_FIRST, value: { name: mine } } }',
        '{ applyTo: LISTENER_FILTER, patch: { operation: INSERT_FIRST, value: { name: first } } }',
      ) +
        dump({
          listeners: [
            listener(
              '"l"',
              80,
              ['{"filters": [{"name": ‹|"mine"|›}, {"name": "first"}]}'],
              ', "listener_filters": [{"name": ‹|"first"|›}]',
            ),
          ],
        }),
    ));
});

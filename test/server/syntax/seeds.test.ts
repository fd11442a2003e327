/** Articles with fragments of configs: every name that a person sees in them is found, by hand-made lists. */
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseText } from '../../../server/src/syntax/parseText';
import { findShapeFault, hasShared, readShared, sharedFolder, stringsUnder } from './treeChecks';

const NAME_KEYS = new Set([
  'name',
  'cluster',
  'cluster_name',
  'server_listener_name',
  'service_name',
  'value',
  'stat_prefix',
  'endpoint_id',
  'statPrefix',
  'routeConfigName',
  'destination',
  'address',
  'exact_match',
  'exact',
  'hostname',
  'type',
  'regex',
  'substitution',
  'prefix',
  'key',
  'tag',
  'inline_code',
  '@type',
  'type_url',
]);

const VIP = 'inbound-vip|9080';
const PRODUCT = 'productpage.default.svc.cluster.local';
const TO_WAYPOINT =
  'spiffe://cluster.local/ns/default/sa/sleep_to_server_waypoint_proxy_spiffe://cluster.local/ns/default/sa/bookinfo-productpage';

const AMBIENT_L7 = [
  TO_WAYPOINT,
  'port',
  'EDS',
  '10.4.0.5:9080',
  '10.4.0.5:15008',
  'inbound_CONNECT_terminate',
  'capture_tls',
  'envoy.filters.network.http_connection_manager',
  'inbound_hcm',
  'local_route',
  'connect',
  ':authority',
  `${VIP}|internal|${PRODUCT}`,
  `${VIP}||${PRODUCT}`,
  `${VIP}||${PRODUCT}-http`,
  `${VIP}|http|${PRODUCT}`,
  'STATIC',
  'envoy.transport_sockets.internal_upstream',
  'envoy.transport_sockets.raw_buffer',
  'restore_tls',
  'inbound_0.0.0.0_9080',
  'inbound|http|9080',
  'default',
  'set_dst_address',
  'envoy.filters.listener.metadata_to_peer_node',
  'productpage',
  'inbound-pod|9080||10.4.0.5',
  'inbound-pod|9080||10.4.0.5-http',
  'envoy.filters.http.rbac',
  'spiffe://cluster.local/ns/default/sa/sleep',
  'spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account',
  'tunnel',
  'istio',
  'inbound_CONNECT_originate',
  'envoy.filters.network.tcp_proxy',
  '%DYNAMIC_METADATA(tunnel:destination)%',
  'x-envoy-original-dst-host',
  '%DYNAMIC_METADATA(["tunnel", "destination"])%',
  'ORIGINAL_DST',
  'envoy.transport_sockets.tls',
  'ROOTCA',
  'sds-grpc',
  'spiffe://cluster.local/',
];

/** The article that begins so, and the names in its fragments. */
const ARTICLES: readonly { file: string; names: readonly string[]; keys?: readonly string[]; roots: number }[] = [
  {
    file: '000_',
    names: [...AMBIENT_L7, '10.4.3.14', '10.8.14.226:9080'],
    keys: ['10.8.14.226', '9080', 'ns[default]-policy[productpage-viewer]-rule[0]'],
    roots: 12,
  },
  {
    file: '001_',
    names: [
      'reviews-v1',
      'reviews-v2',
      '10.244.1.23:9080',
      '10.244.1.23:15008',
      'set_dst_address',
      'type.googleapis.com/istio.set_internal_dst_address.v1.Config',
      '%DYNAMIC_METADATA(tunnel:destination)%',
      'x-envoy-original-dst-host',
      '%DYNAMIC_METADATA(["tunnel", "destination"])%',
    ],
    keys: ['metadata', 'filter_metadata', 'envoy.transport_socket_match', 'listener_filters', 'tunneling_config', 'headers_to_add'],
    roots: 5,
  },
  { file: '002_', names: [...AMBIENT_L7, '10.4.3.10', '10.8.4.226:9080', 'productpage'], keys: ['10.8.4.226', '9080'], roots: 12 },
  {
    file: '003_',
    names: [
      'envoy.filters.listener.http_inspector',
      'envoy.filters.network.http_connection_manager',
      'jtroute',
      'myname',
      'age',
      'myhost',
      'jtthink_cluster_config',
      '/abc',
      '^/abc/(.*?)$',
      'myheader.lua',
      'BlackHoleCluster',
      'PassthroughCluster',
      'virtualOutbound-blackhole',
      'virtualOutbound-catchall-tcp',
      'virtualOutbound',
      'InboundPassthroughClusterIpv4',
      'istio.metadata_exchange',
      'istio.stats',
      'envoy.filters.network.tcp_proxy',
      '0.0.0.0_80',
      '80',
      'baidu.com:80',
      'outbound|80||baidu.com',
      'ingressgateway.istio-system.svc.cluster.local:80',
      'outbound|80||ingressgateway.istio-system.svc.cluster.local',
      'block_all',
      'default',
      'envoy.filters.http.router',
      'envoy.filters.listener.tls_inspector',
    ],
    keys: ['outboundTrafficPolicy', 'regex_rewrite', 'directResponse', 'useOriginalDst'],
    roots: 11,
  },
  { file: '004_', names: [], keys: ['apiVersion', 'kind'], roots: 1 },
];

describe.skipIf(!hasShared)(`the articles (need ${sharedFolder})`, () => {
  test.each(ARTICLES)('$file', ({ file, names, keys = [], roots }) => {
    const folder = join(sharedFolder, 'seeds');
    const name = readdirSync(folder).find((entry) => entry.startsWith(file)) ?? '';
    const tree = parseText(`memory:${name}`, readShared(join(folder, name)));
    expect(findShapeFault(tree)).toBeUndefined();
    const found = stringsUnder(tree, NAME_KEYS);
    expect(names.filter((wanted) => !found.has(wanted))).toEqual([]);
    expect(keys.filter((key) => tree.idOfKey(key) < 0)).toEqual([]);
    expect(tree.roots.length).toBeGreaterThanOrEqual(roots);
  });
});

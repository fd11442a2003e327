/** ORIGINAL_DST: the address comes by interception, header, dynamic metadata or filter state. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { JsonObject, LabCase } from '../../labCase';
import { connectionManager, extension, httpRequest, listener, once, optional, ORIGINAL_DST, tcpProxy, virtualHost } from '../parts';

const KEY = 'envoy.network.transport_socket.original_dst_address';

const values = fc.constantFrom('10.200.7.7:9080', '10.200.8.8:9081', 'nonsense', '10.200.9.9', '', '[2001:db8::5]:9080', '%REQ(x-to)%');

function stateValue(text: string): JsonObject {
  return { object_key: KEY, format_string: { text_format_source: { inline_string: text } } };
}

const httpFilter: fc.Arbitrary<readonly JsonObject[]> = fc.oneof<fc.Arbitrary<readonly JsonObject[]>[]>(
  fc.constant<JsonObject[]>([]),
  values
    .filter((text) => text !== '')
    .map((text) => [extension('state', 'filters.http.set_filter_state.v3.Config', { on_request_headers: [stateValue(text)] })]),
  fc.constant([
    extension('metadata', 'filters.http.header_to_metadata.v3.Config', {
      request_rules: [{ header: 'x-to', on_header_present: { metadata_namespace: 'lab', key: 'to', type: 'STRING' } }],
    }),
  ]),
  values
    .filter((text) => !text.includes('%'))
    .map((to) => [extension('set', 'filters.http.set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: { to } }] })]),
);

const networkFilter: fc.Arbitrary<readonly JsonObject[]> = fc.oneof<fc.Arbitrary<readonly JsonObject[]>[]>(
  fc.constant<JsonObject[]>([]),
  fc
    .constantFrom('10.200.7.7:9080', '10.200.8.8:9081', '%DOWNSTREAM_LOCAL_ADDRESS%', '10.200.9.9:%DOWNSTREAM_LOCAL_PORT%')
    .map((text) => [extension('state', 'filters.network.set_filter_state.v3.Config', { on_new_connection: [stateValue(text)] })]),
);

const config = optional({
  use_http_header: fc.boolean(),
  http_header_name: fc.constant('x-to'),
  upstream_port_override: fc.constantFrom(9081, 9082),
  metadata_key: fc.constant({ key: 'lab', path: [{ key: 'to' }] }),
});

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    to: fc.option(fc.constantFrom('10.200.7.7:9080', '10.200.8.8:9081', 'nonsense', '[2001:db8::6]:9081'), { nil: undefined }),
    usual: fc.option(fc.constantFrom('10.200.5.5:9080', 'nonsense'), { nil: undefined }),
    destination: fc.constantFrom('10.96.0.5:9080', '10.96.0.6:9081'),
  })
  .map(({ to, usual, destination }) => {
    const headers: [string, string][] = [];
    if (to !== undefined) headers.push(['x-to', to]);
    if (usual !== undefined) headers.push(['x-envoy-original-dst-host', usual]);
    return httpRequest({ headers }, { destination, capture: 'outbound' });
  });

export const destinations: fc.Arbitrary<LabCase> = fc
  .record({
    httpFilter,
    networkFilter,
    config,
    raw: fc.constantFrom(false, false, true),
    restores: fc.constantFrom(true, true, false),
    requests: fc.array(client, { minLength: 3, maxLength: 6 }),
  })
  .map(({ httpFilter: http, networkFilter: network, config: original_dst_lb_config, raw, restores, requests }) => {
    const own: JsonObject = {
      name: '§c1',
      type: 'ORIGINAL_DST',
      lb_policy: 'CLUSTER_PROVIDED',
      connect_timeout: '0.3s',
      original_dst_lb_config,
    };
    const routes = { virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§c1' } }])] };
    const terminal = raw ? tcpProxy({ cluster: '§c1' }) : connectionManager(routes, http);
    const capturing = listener('capture', [{ name: 'f', filters: [...network, terminal] }], {
      traffic_direction: 'OUTBOUND',
      ...(restores ? { listener_filters: [ORIGINAL_DST] } : { use_original_dst: true }),
    });
    return { area: 'intercepted_destination', listeners: [capturing], clusters: [own], requests: once(requests) };
  });

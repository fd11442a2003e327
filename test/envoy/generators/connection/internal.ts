/** Internal listeners and tunnels: what passes from one hop to the next. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { JsonObject, LabCase } from '../../labCase';
import {
  cluster,
  connectionManager,
  extension,
  httpRequest,
  listener,
  once,
  optional,
  ORIGINAL_DST,
  plainRequest,
  ROUTER,
  tcpProxy,
  typed,
  virtualHost,
} from '../parts';

const HTTP2: JsonObject = {
  typed_extension_protocol_options: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
      '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      explicit_http_config: { http2_protocol_options: {} },
    },
  },
};

/** A cluster whose one endpoint is an internal listener; host metadata is passed on where it is asked for. */
function internalCluster(name: string, to: string, local: string | undefined, passes: boolean): JsonObject {
  const metadata: JsonObject =
    local === undefined
      ? {}
      : { metadata: { filter_metadata: { 'envoy.filters.listener.original_dst': { local }, lab: { key: 'from-host' } } } };
  const host = { endpoint: { address: { envoy_internal_address: { server_listener_name: to, endpoint_id: 'id' } } }, ...metadata };
  const raw = { name: 'raw', typed_config: typed('transport_sockets.raw_buffer.v3.RawBuffer') };
  const socket = typed('transport_sockets.internal_upstream.v3.InternalUpstreamTransport', {
    passthrough_metadata: ['envoy.filters.listener.original_dst', 'lab'].map((namespace) => ({ kind: { host: {} }, name: namespace })),
    transport_socket: raw,
  });
  return {
    name,
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [host] }] },
    ...(passes ? { transport_socket: { name: 'internal', typed_config: socket } } : {}),
  };
}

const tunneling = fc.option(
  fc.record({
    hostname: fc.constantFrom('target.test:443', '%DOWNSTREAM_LOCAL_ADDRESS%', '%FILTER_STATE(lab.key:PLAIN)%:80'),
    more: optional({
      use_post: fc.constant(true),
      headers_to_add: fc.constant([{ header: { key: 'x-tunnel', value: '%DOWNSTREAM_LOCAL_PORT%' } }]),
    }),
  }),
  { nil: undefined },
);

/** Filter state for the next hop, with each way of sharing it. */
const shared = fc.constantFrom('NONE', 'ONCE', 'TRANSITIVE').map((shared_with_upstream) =>
  extension('set_filter_state', 'filters.http.set_filter_state.v3.Config', {
    on_request_headers: [
      {
        object_key: 'lab.key',
        factory_key: 'envoy.string',
        format_string: { text_format_source: { inline_string: '%REQ(x)%' } },
        shared_with_upstream,
      },
    ],
  }),
);

const middleChains = fc
  .record({ port: fc.constantFrom(80, 443), http: fc.boolean(), tunneling })
  .map(({ port, http, tunneling: through }): JsonObject[] => {
    const routes = {
      virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§c1' } }])],
      request_headers_to_add: [
        { header: { key: 'x-state', value: '%FILTER_STATE(lab.key:PLAIN)%' } },
        { header: { key: 'x-md', value: '%DYNAMIC_METADATA(lab:key)%' } },
      ],
    };
    const tunnel: JsonObject = through ? { tunneling_config: { hostname: through.hostname, ...through.more } } : {};
    const forward = http && !through ? connectionManager(routes) : tcpProxy({ cluster: through ? '§c2' : '§c1', ...tunnel });
    return [
      {
        name: 'port',
        filter_chain_match: { destination_port: port, prefix_ranges: [{ address_prefix: '10.244.0.0', prefix_len: 16 }] },
        filters: [forward],
      },
      { name: 'rest', filters: [tcpProxy({ cluster: '§c3' })] },
    ];
  });

export const internalChain: fc.Arbitrary<LabCase> = fc
  .record({
    chains: middleChains,
    filter: shared,
    local: fc.constantFrom('10.244.1.5:80', '10.244.1.5:443', '10.7.7.7:80', undefined),
    passes: fc.boolean(),
    restores: fc.boolean(),
    entryHttp: fc.boolean(),
    to: fc.constantFrom('§middle', '§middle', '§middle', '§missing'),
    requests: fc.array(plainRequest, { minLength: 3, maxLength: 6 }),
  })
  .map(({ chains, filter, local, passes, restores, entryHttp, to, requests }) => {
    const routes = { virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§in' } }])] };
    const entry = entryHttp ? connectionManager(routes, [filter]) : tcpProxy({ cluster: '§in' });
    const middle: JsonObject = {
      name: '§middle',
      internal_listener: {},
      filter_chains: chains,
      ...(restores ? { listener_filters: [ORIGINAL_DST] } : {}),
    };
    return {
      area: 'internal_chain',
      listeners: [listener('l', [{ name: 'in', filters: [entry] }]), middle],
      clusters: [internalCluster('§in', to, local, passes), cluster(1), cluster(2, { fields: HTTP2 }), cluster(3)],
      requests: once(requests),
    };
  });

const tunnelRequest: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2', 'http2'),
    authority: fc.constantFrom('10.244.1.5:80', 'target.test:443', 'other.test:80'),
    inner: fc.constantFrom('bytes', 'http1', 'http2'),
    method: fc.constantFrom('CONNECT', 'CONNECT', 'CONNECT', 'GET'),
  })
  .map(({ version, authority, inner, method }) => {
    const connect = method === 'CONNECT';
    const outer = httpRequest({ version, method, authority, path: connect ? '' : '/' });
    const said =
      inner === 'bytes'
        ? {}
        : {
            inner: {
              http: {
                version: inner,
                method: 'GET',
                scheme: 'http' as const,
                authority: 'in.test',
                path: '/inner',
                headers: [],
              },
            },
          };
    return connect ? { ...outer, ...said } : outer;
  });

const upgrades = fc.record({
  manager: fc.boolean(),
  route: fc.constantFrom<JsonObject[]>(
    {},
    { upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: {} }] },
    { upgrade_configs: [{ upgrade_type: 'CONNECT' }] },
    { upgrade_configs: [{ upgrade_type: 'CONNECT', enabled: false }] },
  ),
});

/** A CONNECT that ends here, goes on as CONNECT, or is refused. */
export const connectUpgrade: fc.Arbitrary<LabCase> = fc
  .record({
    upgrades,
    domain: fc.constantFrom('*', '*', '*', '10.244.1.5:80', 'target.test'),
    requests: fc.array(tunnelRequest, { minLength: 3, maxLength: 6 }),
  })
  .map(({ upgrades: { manager, route }, domain, requests }) => {
    const routes: JsonObject[] = [
      { match: { connect_matcher: {} }, route: { cluster: '§c1', ...route } },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const fields: JsonObject = { http_filters: [ROUTER], ...(manager ? { upgrade_configs: [{ upgrade_type: 'CONNECT' }] } : {}) };
    const filters = [connectionManager({ virtual_hosts: [virtualHost('v', [domain], routes)] }, [], fields)];
    return {
      area: 'connect_upgrade',
      listeners: [listener('l', [{ name: 'f', filters }])],
      clusters: [cluster(1), cluster(2)],
      requests: once(requests),
    };
  });

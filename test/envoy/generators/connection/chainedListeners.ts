/** Internal listeners three deep: which metadata and filter state come through, by how it is shared, and by which factory has made it. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { cluster, connectionManager, extension, httpRequest, listener, once, ORIGINAL_DST, tcpProxy, typed, virtualHost } from '../parts';

const HOST_METADATA: JsonObject = {
  lab: { k: 'host' },
  'envoy.filters.listener.original_dst': { local: '10.77.0.1:9080', remote: '10.66.0.1:1234' },
};

/** An object of filter state: by its own factory, or by another, whose objects its readers do not take. */
const object = (formats: readonly string[]): fc.Arbitrary<JsonObject> =>
  fc
    .record({
      own: fc.constantFrom(
        ...[
          ['lab.a', 'envoy.string', ...formats],
          ['envoy.tcp_proxy.cluster', 'envoy.tcp_proxy.cluster', '§c1', '§missing'],
          ['envoy.network.upstream_server_name', 'envoy.network.upstream_server_name', 'state.test'],
          ['envoy.filters.listener.original_dst.local_ip', 'envoy.filters.listener.original_dst.local_ip', '10.88.0.1:9080'],
          ['envoy.filters.listener.original_dst.remote_ip', 'envoy.filters.listener.original_dst.remote_ip', '10.55.0.1:77'],
          ['envoy.network.transport_socket.original_dst_address', 'envoy.network.transport_socket.original_dst_address', '10.99.0.1:9080'],
        ],
      ),
      other: fc.constantFrom('', '', 'envoy.string', 'envoy.filters.listener.original_dst.local_ip'),
      shared_with_upstream: fc.constantFrom('NONE', 'ONCE', 'TRANSITIVE'),
      text: fc.nat(1),
    })
    .map(({ own: [object_key = '', factory = '', ...texts], other, shared_with_upstream, text }) => ({
      object_key,
      factory_key: object_key === 'lab.a' || other === '' ? factory : other,
      format_string: { text_format_source: { inline_string: texts[text % texts.length] ?? '' } },
      shared_with_upstream,
    }));

const objects = (formats: readonly string[]): fc.Arbitrary<Json> =>
  fc.uniqueArray(object(formats), { minLength: 1, maxLength: 3, selector: (each) => each['object_key'] });

const ofRequest = objects(['%REQ(x)%', 'fixed']).map((on_request_headers) =>
  extension('state', 'filters.http.set_filter_state.v3.Config', { on_request_headers }),
);
const ofConnection = objects(['%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%', 'fixed']).map((on_new_connection) =>
  extension('state', 'filters.network.set_filter_state.v3.Config', { on_new_connection }),
);

const SEEN = ['%FILTER_STATE(lab.a:PLAIN)%', '%DYNAMIC_METADATA(lab:k)%', '%DOWNSTREAM_LOCAL_ADDRESS%'];
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined, freq: 2 });

/** Filters that hand on to any of the clusters: by routes that ask for what came along, or as bytes. */
const handOn = (targets: readonly string[]): fc.Arbitrary<JsonObject[]> =>
  fc
    .record({
      isHttp: fc.boolean(),
      early: maybe(ofConnection),
      late: maybe(ofRequest),
      first: fc.constantFrom(...targets),
      rest: fc.constantFrom(...targets),
      key: fc.constantFrom('lab.a', 'envoy.network.upstream_server_name'),
    })
    .map(({ isHttp, early, late, first, rest, key }) => {
      const own = early ? [early] : [];
      if (!isHttp) return [...own, tcpProxy({ cluster: first })];
      const routes: JsonObject[] = [
        { match: { prefix: '/', filter_state: [{ key, string_match: { prefix: 'f' } }] }, route: { cluster: first } },
        { match: { prefix: '/' }, route: { cluster: rest } },
      ];
      const request_headers_to_add = SEEN.map((value, index): JsonObject => ({ header: { key: `x-${index}`, value } }));
      const manager = connectionManager({ virtual_hosts: [virtualHost('v', ['*'], routes)], request_headers_to_add }, late ? [late] : []);
      return [...own, manager];
    });

const leads = fc.record({
  passes: fc.subarray(Object.keys(HOST_METADATA)),
  notes: fc.subarray(Object.keys(HOST_METADATA)),
  to: fc.constantFrom('', '', '', '', 'missing'),
});

/** One request a connection: a pooled one would bring the filter state of the request before. */
const ALONE: JsonObject = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed('upstreams.http.v3.HttpProtocolOptions', {
    common_http_protocol_options: { max_requests_per_connection: 1 },
    explicit_http_config: { http_protocol_options: {} },
  }),
};

function inward(depth: number, { passes, notes, to }: { passes: string[]; notes: string[]; to: string }): JsonObject {
  const filter_metadata = Object.fromEntries(notes.map((name) => [name, HOST_METADATA[name] ?? {}]));
  const address = { envoy_internal_address: { server_listener_name: to === '' ? `§in${depth}` : `§${to}` } };
  const typed_config = typed('transport_sockets.internal_upstream.v3.InternalUpstreamTransport', {
    passthrough_metadata: passes.map((name) => ({ kind: { host: {} }, name })),
    transport_socket: extension('raw', 'transport_sockets.raw_buffer.v3.RawBuffer'),
  });
  return {
    name: `§to${depth}`,
    connect_timeout: '1s',
    load_assignment: {
      cluster_name: `§to${depth}`,
      endpoints: [{ lb_endpoints: [{ endpoint: { address }, metadata: { filter_metadata } }] }],
    },
    transport_socket: { name: 'internal', typed_config },
    typed_extension_protocol_options: ALONE,
  };
}

const ORIGINAL: JsonObject = { name: '§original', connect_timeout: '1s', type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED' };
const DENIAL = extension('rbac', 'filters.network.rbac.v3.RBAC', { stat_prefix: 'r', rules: { action: 'ALLOW' } });

const request: fc.Arbitrary<TraceRequest> = fc
  .record({
    path: fc.constantFrom('/', '/a'),
    source: fc.constantFrom('10.1.2.3', '203.0.113.9'),
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2'),
    headers: fc.subarray<[string, string]>([['x', 'from-request']]),
  })
  .map(({ source, ...http }) => httpRequest(http, { source }));

export const chainedListeners: fc.Arbitrary<LabCase> = fc
  .record({
    entry: handOn(['§to1']),
    middle: handOn(['§to2', '§to2', '§original']),
    last: handOn(['§c1', '§original']),
    ways: fc.tuple(leads, leads),
    restores: fc.tuple(fc.boolean(), fc.boolean()),
    denies: fc.constantFrom(0, 0, 0, 1),
    requests: fc.array(request, { minLength: 3, maxLength: 5 }),
  })
  .map(({ entry, middle, last, ways, restores, denies, requests }) => {
    const inner = [[...(denies === 1 ? [DENIAL] : []), ...middle], last].map((filters, index): JsonObject => ({
      name: `§in${index + 1}`,
      internal_listener: {},
      filter_chains: [{ name: `in${index + 1}`, filters }],
      ...(restores[index] === true ? { listener_filters: [ORIGINAL_DST] } : {}),
    }));
    return {
      area: 'chained',
      listeners: [listener('l', [{ name: 'entry', filters: entry }]), ...inner],
      clusters: [...ways.map((each, index) => inward(index + 1, each)), ORIGINAL, cluster(1)],
      requests: once(requests),
    };
  });

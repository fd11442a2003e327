/** Network and listener filters that no other area has: those that answer by themselves, that ask a service nobody stands for, or that only watch. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import {
  clusters,
  connectionManager,
  extension,
  httpRequest,
  listener,
  once,
  optional,
  ORIGINAL_DST,
  tcpProxy,
  TLS_INSPECTOR,
  virtualHost,
} from '../parts';

const NETWORK = 'filters.network';
const dead = fc.constantFrom('§none', '§empty');
const grpc = dead.map((cluster_name): Json => ({ envoy_grpc: { cluster_name }, timeout: '0.5s' }));
const condition: Json = { filter: 'lab', path: [{ key: 'k' }], value: { present_match: true } };

const authorization = fc
  .tuple(
    grpc,
    optional({
      failure_mode_allow: fc.boolean(),
      filter_enabled_metadata: fc.constantFrom<Json[]>(condition, { ...condition, invert: true }),
      include_peer_certificate: fc.boolean(),
      include_tls_session: fc.boolean(),
      send_tls_alert_on_denial: fc.boolean(),
      shadow_mode: fc.boolean(),
    }),
  )
  .map(([grpc_service, more]) =>
    extension('authorization', `${NETWORK}.ext_authz.v3.ExtAuthz`, {
      stat_prefix: 'a',
      transport_api_version: 'V3',
      grpc_service,
      ...more,
    }),
  );

const limiter = fc
  .tuple(
    grpc,
    optional({ failure_mode_deny: fc.boolean() }),
    fc.constantFrom('v', '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%', '%REQUESTED_SERVER_NAME%'),
  )
  .map(([grpc_service, more, value]) =>
    extension('limiter', `${NETWORK}.ratelimit.v3.RateLimit`, {
      stat_prefix: 'r',
      domain: 'lab',
      descriptors: [{ entries: [{ key: 'k', value }] }],
      rate_limit_service: { transport_api_version: 'V3', grpc_service },
      ...more,
    }),
  );

const processor = fc
  .tuple(
    grpc,
    optional({
      failure_mode_allow: fc.boolean(),
      processing_mode: fc.constantFrom<Json[]>({ process_read: 'SKIP', process_write: 'SKIP' }, { process_write: 'SKIP' }, {}),
    }),
  )
  .map(([grpc_service, more]) =>
    extension('processor', `${NETWORK}.ext_proc.v3.NetworkExternalProcessor`, { stat_prefix: 'p', grpc_service, ...more }),
  );

const watching = fc.constantFrom(
  extension('mongo', `${NETWORK}.mongo_proxy.v3.MongoProxy`, { stat_prefix: 'm' }),
  extension('zookeeper', `${NETWORK}.zookeeper_proxy.v3.ZooKeeperProxy`, { stat_prefix: 'z' }),
  extension('bandwidth', `${NETWORK}.tcp_bandwidth_limit.v3.TcpBandwidthLimit`, {
    stat_prefix: 'b',
    read_limit_kbps: 1000,
    write_limit_kbps: 1000,
  }),
);

const routes = [
  { match: { prefix: '/a' }, route: { cluster: '§c1' } },
  { match: { prefix: '/' }, route: { cluster: '§c2' } },
];
const manager = connectionManager({ virtual_hosts: [virtualHost('v', ['*'], routes)] });
const drained = fc.boolean().map((enable_drain_with_goaway) => {
  const { typed_config } = manager as { typed_config: JsonObject };
  const { '@type': _, ...hcm_config } = typed_config;
  return extension('tunnels', `${NETWORK}.reverse_tunnel.v3.DrainAwareHttpConnectionManager`, { hcm_config, enable_drain_with_goaway });
});

const ECHO = 'envoy.filters.network.echo';
const answering = fc.oneof(
  fc.constant(extension(ECHO, `${NETWORK}.echo.v3.Echo`)),
  fc
    .constantFrom<JsonObject[]>({ response: { inline_string: 'hello' } }, { response: { inline_bytes: 'aGk=' } }, {})
    .map((fields) => extension('envoy.filters.network.direct_response', `${NETWORK}.direct_response.v3.Config`, fields)),
);

const last = fc.oneof(
  { weight: 3, arbitrary: fc.constant(manager) },
  { weight: 3, arbitrary: fc.constantFrom('§c1', '§none').map((cluster) => tcpProxy({ cluster })) },
  { weight: 1, arbitrary: answering },
  { weight: 1, arbitrary: drained },
);

const beforeChains = fc.subarray<JsonObject>([
  ORIGINAL_DST,
  TLS_INSPECTOR,
  extension('limit', 'filters.listener.local_ratelimit.v3.LocalRateLimit', {
    stat_prefix: 'l',
    token_bucket: { max_tokens: 1000, tokens_per_fill: 1000, fill_interval: '1s' },
    runtime_enabled: { default_value: true, runtime_key: '§listener_limit' },
  }),
]);

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    path: fc.constantFrom('/a', '/b'),
    source: fc.constantFrom('10.1.2.3', '203.0.113.9'),
    isRaw: fc.constantFrom(false, false, true),
  })
  .map(({ path, source, isRaw }) => {
    const request = httpRequest({ path }, { source });
    return isRaw ? { connection: request.connection } : request;
  });

export const networkFilters: fc.Arbitrary<LabCase> = fc
  .record({
    before: beforeChains,
    filters: fc.uniqueArray(fc.oneof(authorization, limiter, processor, watching), {
      maxLength: 2,
      selector: (filter) => filter['name'],
    }),
    last,
    requests: fc.array(client, { minLength: 3, maxLength: 5 }),
  })
  .map(({ before, filters, last: terminal, requests }) => ({
    area: 'network_filter',
    listeners: [listener('l', [{ name: 'f', filters: [...filters, terminal] }], { listener_filters: before })],
    clusters: [...clusters(2), { name: '§empty', connect_timeout: '1s', load_assignment: { cluster_name: '§empty', endpoints: [] } }],
    // What an echo sends back is no answer to HTTP.
    requests: once(terminal['name'] === ECHO ? requests.map(({ connection }) => ({ connection })) : requests),
  }));

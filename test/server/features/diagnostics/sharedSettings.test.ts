/** Settings that Envoy 1.40 refuses for what stands elsewhere: buckets, streams, filters and metadata; each case was asked of `envoy --mode validate`. */
import { describe, expect, test } from 'vitest';
import { extension, refusals } from './refusals';

const HTTP = 'filters.http';
const none: string[] = [];
const saying = (...words: readonly string[]): unknown[] => words.map((each): unknown => expect.stringContaining(each));
const bootstrap = (statics: object, others: object = {}): object => ({
  node: { id: 'n', cluster: 'k' },
  static_resources: { clusters: [{ name: 'c', load_assignment: { cluster_name: 'c' } }], ...statics },
  ...others,
});
const ROUTER = extension(`${HTTP}.router.v3.Router`);
const manager = (fields: object): object =>
  extension('filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'h',
    route_config: { name: 'r' },
    http_filters: [ROUTER],
    ...fields,
  });
const address = { socket_address: { address: '127.0.0.1', port_value: 80 } };
const listening = (filter: object, fields: object = {}): object => ({
  listeners: [{ name: 'l', address, filter_chains: [{ filters: [filter] }], ...fields }],
});

describe('buckets of the bandwidth share', () => {
  const share = (limit: object, fields: object = {}): object =>
    extension(`${HTTP}.bandwidth_share.v3.BandwidthShare`, { request_limit: { bucket_id: 'b', ...limit }, ...fields });
  const both = (one: object, other: object): object => bootstrap(listening(manager({ http_filters: [one, other, ROUTER] })));
  const kbps = (value: number, key?: string): object => ({
    kbps: { default_value: value, ...(key !== undefined && { runtime_key: key }) },
  });
  test.each([
    ['another value', share(kbps(1)), share(kbps(2)), '"b" has another default_value'],
    ['another key', share(kbps(1, 'x')), share(kbps(1, 'y')), '"b" has another runtime_key'],
    ['another interval', share(kbps(1)), share(kbps(1), { fill_interval: '0.1s' }), '"b" has another fill_interval'],
  ])('%s', (_name, one, other, words) => expect(refusals(both(one, other))).toEqual(saying(words)));
  test.each([
    ['the same', share(kbps(1)), share(kbps(1), { fill_interval: '0.05s' })],
    ['another bucket', share(kbps(1)), share({ bucket_id: 'a', ...kbps(2) })],
  ])('%s', (_name, one, other) => expect(refusals(both(one, other))).toEqual(none));
});

describe('who a share is for', () => {
  const select = (type: string, fields: object): string[] =>
    refusals(
      extension(`${HTTP}.bandwidth_share.v3.BandwidthShare`, {
        tenant_name_selector: {
          on_no_match: { action: { name: 'x', typed_config: { '@type': `type.googleapis.com/${type}`, ...fields } } },
        },
      }),
    );
  test('a text', () => expect(select('google.protobuf.StringValue', { value: 'a' })).toEqual(none));
  test('a cluster', () =>
    expect(select('envoy.extensions.router.cluster_specifiers.matcher.v3.ClusterAction', { cluster: 'c' })).toEqual(
      saying('A selector of tenants has no action "ClusterAction"'),
    ));
});

describe('filter chains as a filter', () => {
  const chain = (filter: object): object =>
    extension(`${HTTP}.filter_chain.v3.FilterChainConfig`, { default_filter_chain: { filters: [filter] } });
  const inner = extension(`${HTTP}.cors.v3.Cors`);
  test('one in the other', () => expect(refusals(chain(chain(inner)))).toEqual(saying('cannot stand in a filter chain filter')));
  test('another filter', () => expect(refusals(chain(inner))).toEqual(none));
  test('between them another filter', () =>
    expect(
      refusals(chain(extension(`${HTTP}.composite.v3.Composite`, { named_filter_chains: { a: { typed_config: [chain(inner)] } } }))),
    ).toEqual(none));
});

describe('pauses of streams', () => {
  const retry_policy = { retry_back_off: { base_interval: '100s', max_interval: '10s' } };
  const grpc_services = [{ envoy_grpc: { cluster_name: 'c', retry_policy } }];
  const source = { resource_api_version: 'V3', api_config_source: { api_type: 'GRPC', transport_api_version: 'V3', grpc_services } };
  test.each([
    ['endpoints', bootstrap({ clusters: [{ name: 'c' }, { name: 'e', type: 'EDS', eds_cluster_config: { eds_config: source } }] })],
    ['routes', bootstrap(listening(manager({ route_config: undefined, rds: { route_config_name: 'r', config_source: source } })))],
    ['clusters', bootstrap({}, { dynamic_resources: { cds_config: source } })],
    ['runtime', bootstrap({}, { layered_runtime: { layers: [{ name: 'r', rtds_layer: { name: 'x', rtds_config: source } }] } })],
  ])('of %s', (_name, config) => expect(refusals(config)).toContainEqual(expect.stringContaining('"max_interval" must be')));
  test('of listeners, which are opened later', () =>
    expect(refusals(bootstrap({}, { dynamic_resources: { lds_config: source } }))).toEqual(none));
});

describe('statistics by metadata', () => {
  const matcher = (fields: object, type = 'envoy.config.metrics.v3.StatsMatcher'): object => ({
    metadata: { typed_filter_metadata: { 'envoy.stats_matcher': { '@type': `type.googleapis.com/${type}`, ...fields } } },
  });
  const tcp = extension('filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: 't', cluster: 'c' });
  const ofCluster = (metadata: object): string[] =>
    refusals(bootstrap({ clusters: [{ name: 'c', load_assignment: { cluster_name: 'c' }, ...metadata }] }));
  const ofListener = (metadata: object): string[] => refusals(bootstrap(listening(tcp, metadata)));
  const broken = { inclusion_list: { patterns: [{ safe_regex: { regex: '(' } }] } };
  test('a broken expression', () => {
    expect(ofCluster(matcher(broken))).toHaveLength(1);
    expect(ofListener(matcher(broken))).toHaveLength(1);
  });
  test('nothing in it', () => {
    expect(ofCluster(matcher({}))).toEqual(saying('must be set'));
    expect(ofListener(matcher({}))).toEqual(saying('must be set'));
  });
  test('what it should be', () => expect(ofListener(matcher({ reject_all: true }))).toEqual(none));
  test('a text, which a cluster leaves alone', () => {
    expect(ofListener(matcher({ value: 'a' }, 'google.protobuf.StringValue'))).toEqual(
      saying('it must be a "envoy.config.metrics.v3.StatsMatcher"'),
    );
    expect(ofCluster(matcher({ value: 'a' }, 'google.protobuf.StringValue'))).toEqual(none);
  });
  test('of a virtual host nobody reads', () => {
    const route_config = { name: 'r', virtual_hosts: [{ name: 'v', domains: ['*'], ...matcher(broken) }] };
    expect(refusals(bootstrap(listening(manager({ route_config }))))).toEqual(none);
  });
});

describe('settings for a route in the place of the filter’s own', () => {
  const messages = (type: string, fields: object): string[] =>
    refusals(bootstrap(listening(manager({ http_filters: [extension(`${HTTP}.${type}`, fields), ROUTER] }))));
  test.each([
    ['header_mutation.v3.HeaderMutationPerRoute', { mutations: {} }],
    ['api_key_auth.v3.ApiKeyAuthPerRoute', { credentials: [{ key: 'a', client: 'b' }] }],
    ['mcp.v3.McpOverride', { traffic_mode: 'REJECT_NO_MCP' }],
    ['buffer.v3.BufferPerRoute', { disabled: false }],
  ])('%s', (type, fields) => expect(messages(type, fields)).toContainEqual(expect.stringContaining('are settings for a route')));
  test.each([
    ['api_key_auth.v3.ApiKeyAuthPerRoute', { allowed_clients: [] }],
    ['cors.v3.CorsPolicy', { expose_headers: '' }],
    ['rbac.v3.RBACPerRoute', { rbac: null }],
    ['mcp.v3.McpOverride', { traffic_mode: 'PASS_THROUGH' }],
  ])('without bytes: %s', (type, fields) => expect(messages(type, fields)).toEqual(none));
  test('what the filter’s own then lacks', () =>
    expect(messages('ratelimit.v3.RateLimitPerRoute', { rate_limits: [] })).toEqual(saying("The filter's own configuration is expected")));
});

test('a bucket of log entries by ADS needs ADS', () => {
  const filter = {
    extension_filter: extension('access_loggers.filters.process_ratelimit.v3.ProcessRateLimitFilter', {
      dynamic_config: { resource_name: 'b', config_source: { ads: {} } },
    }),
  };
  const access_log = [{ ...extension('access_loggers.stream.v3.StdoutAccessLog'), filter }];
  const ads_config = { api_type: 'GRPC', transport_api_version: 'V3', grpc_services: [{ envoy_grpc: { cluster_name: 'c' } }] };
  expect(refusals(bootstrap(listening(manager({ access_log }))))).toEqual(saying('has no "ads_config"'));
  expect(refusals(bootstrap(listening(manager({ access_log })), { dynamic_resources: { ads_config } }))).toEqual(none);
});

test('authorities that are asked in delta streams need no node yet', () => {
  const service = [{ envoy_grpc: { cluster_name: 'c' } }];
  const ask = (api_type: string): string[] =>
    refusals(
      bootstrap(
        {},
        {
          node: undefined,
          config_sources: [
            { authorities: [{ name: 'a' }], api_config_source: { api_type, transport_api_version: 'V3', grpc_services: service } },
          ],
        },
      ),
    );
  expect(ask('AGGREGATED_DELTA_GRPC')).toEqual(none);
  expect(ask('AGGREGATED_GRPC')).toEqual(saying('For xDS node "id" and "cluster" are required'));
});

/** Connections into internal listeners: what is passed on, what restores the address there, what an unknown name means (Envoy: source/extensions/bootstrap/internal_listener). */
import { describe, expect, test } from 'vitest';
import type { TraceHop, TracePath } from '../../../../server/src/protocol/trace';
import { any, filter } from '../httpFilters/filterTrace';
import { GET, onlyPath, tcp, traceOf } from '../support/traceOf';

type Fields = Readonly<Record<string, unknown>>;

const NETWORK = 'envoy.extensions.filters.network.';
const LOCAL = 'envoy.filters.listener.original_dst';
const tcpProxy = (cluster: string): Fields => filter('t', `${NETWORK}tcp_proxy.v3.TcpProxy`, { stat_prefix: 't', cluster });
const state = (object_key: string, value: string, shared_with_upstream = 'ONCE'): Fields => ({
  object_key,
  factory_key: /_ip$/.test(object_key) ? object_key : 'envoy.string',
  format_string: { text_format_source: { inline_string: value } },
  shared_with_upstream,
});

interface World {
  /** `passthrough_metadata` of the internal transport socket; without one the socket passes nothing. */
  readonly passes?: readonly Fields[];
  readonly withoutSocket?: boolean;
  readonly states?: readonly Fields[];
  readonly endpointMetadata?: Fields;
  readonly clusterMetadata?: Fields;
  /** Network filters of the internal listener, before its tcp_proxy. */
  readonly inside?: readonly Fields[];
  readonly target?: string;
}

function bootstrapOf({
  passes = [],
  withoutSocket,
  states = [],
  endpointMetadata,
  clusterMetadata,
  inside = [],
  target = 'in',
}: World): string {
  const socket = any('envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport', {
    passthrough_metadata: passes,
    transport_socket: { name: 'raw', typed_config: any('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer') },
  });
  const setState = filter('s', `${NETWORK}set_filter_state.v3.Config`, { on_new_connection: states });
  const outer = {
    name: 'out',
    address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
    filter_chains: [{ filters: [setState, tcpProxy('hop')] }],
  };
  const original = { name: 'o', typed_config: any('envoy.extensions.filters.listener.original_dst.v3.OriginalDst') };
  const inner = {
    name: 'in',
    internal_listener: {},
    listener_filters: [original],
    filter_chains: [{ filters: [...inside, tcpProxy('dst')] }],
  };
  const endpoint = {
    endpoint: { address: { envoy_internal_address: { server_listener_name: target } } },
    ...(endpointMetadata && { metadata: { filter_metadata: endpointMetadata } }),
  };
  const hop = {
    name: 'hop',
    load_assignment: { cluster_name: 'hop', endpoints: [{ lb_endpoints: [endpoint] }] },
    ...(withoutSocket === true ? {} : { transport_socket: { name: 'i', typed_config: socket } }),
    ...(clusterMetadata && { metadata: { filter_metadata: clusterMetadata } }),
  };
  const dst = { name: 'dst', type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED' };
  return JSON.stringify({ static_resources: { listeners: [outer, inner], clusters: [hop, dst] } });
}

const traced = (world: World, request = tcp('10.0.0.1:80')): TracePath => onlyPath(traceOf(bootstrapOf(world), request));
const lastHop = (world: World): TraceHop | undefined => traced(world).hops.at(-1);
const HOST = { kind: { host: {} }, name: LOCAL };
const CLUSTER = { kind: { cluster: {} }, name: LOCAL };
const to = (local: string): Fields => ({ [LOCAL]: { local } });

describe('the destination inside', () => {
  test.each<[string, World, string | undefined]>([
    ['is that of the endpoint’s metadata', { passes: [HOST], endpointMetadata: to('10.1.1.1:81') }, '10.1.1.1:81'],
    ['is that of the cluster’s metadata', { passes: [CLUSTER], clusterMetadata: to('10.2.2.2:82') }, '10.2.2.2:82'],
    ['is that of filter state', { states: [state(`${LOCAL}.local_ip`, '10.3.3.3:83')] }, '10.3.3.3:83'],
    ['is that of metadata before filter state', { passes: [HOST], endpointMetadata: to('10.1.1.1:81'), states: [state(`${LOCAL}.local_ip`, '10.3.3.3:83')] }, '10.1.1.1:81'], // prettier-ignore
    ['is none where the metadata is not passed', { endpointMetadata: to('10.1.1.1:81') }, undefined],
    ['is none where that kind of metadata is not passed', { passes: [CLUSTER], endpointMetadata: to('10.1.1.1:81') }, undefined],
    [
      'is none without the internal transport socket',
      { withoutSocket: true, states: [state(`${LOCAL}.local_ip`, '10.3.3.3:83')] },
      undefined,
    ],
    ['is none where the state is not shared', { states: [state(`${LOCAL}.local_ip`, '10.3.3.3:83', 'NONE')] }, undefined],
  ])('%s', (_, world, expected) => {
    const hop = lastHop(world);
    expect(hop?.listener).toBe('in');
    expect(hop?.endpoint?.address).toBe(expected);
  });
});

test('a name that no internal listener has is a failure to connect', () => {
  const { disposition, response } = traced({ target: 'elsewhere' });
  expect([disposition, response?.flags]).toEqual(['no_listener', ['UF', 'URX']]);
});

test.each([
  ['ONCE', undefined],
  ['TRANSITIVE', 'v'],
])('state that is shared %s is %s one listener further', (shared, expected) => {
  const world = JSON.parse(bootstrapOf({ states: [state('k', 'v', shared), state(`${LOCAL}.local_ip`, '10.3.3.3:83', 'TRANSITIVE')] })) as {
    static_resources: { listeners: Fields[]; clusters: Fields[] };
  };
  const [outer, inner] = world.static_resources.listeners;
  const [hop, dst] = world.static_resources.clusters;
  const further = { ...inner, name: 'further' };
  const middle = { ...inner, filter_chains: [{ filters: [tcpProxy('onward')] }] };
  const onward = { ...(JSON.parse(JSON.stringify(hop).replace('"in"', '"further"')) as Fields), name: 'onward' };
  const files = JSON.stringify({ static_resources: { listeners: [outer, middle, further], clusters: [hop, onward, dst] } });
  const path = onlyPath(traceOf(files, tcp('10.0.0.1:80', { http: GET })));
  expect(path.hops.map(({ listener }) => listener)).toEqual(['out', 'in', 'further']);
  expect(path.hops[1]?.downstream.filterState?.['k'] ?? path.hops[0]?.upstream?.filterState?.['k']).toBe('v');
  expect(path.hops[1]?.upstream?.filterState?.['k']).toBe(expected);
});

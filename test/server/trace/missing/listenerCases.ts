/** Listeners, listener filters and filter chains. */
import { any, call, CUT, dump, filter, LOST, missing, REST, type Call, type Fields, type MissingCase, type World } from './missingCase';
import { manager } from './missingCase';

const LISTENER = 'envoy.extensions.filters.listener.';
const chainOf = (name: string, filter_chain_match: unknown): Fields => ({ name, filter_chain_match, filters: [manager({})] });
const chains = (...matches: unknown[]): World => ({ chains: matches.map((match, index) => chainOf(`c${index}`, match)) });
const port = (port_value: number): Fields => ({ address: { socket_address: { address: '0.0.0.0', port_value } } });
const asked = { name: 'l', ...port(80), filter_chains: [{ filters: [manager({})] }] };

function dumped(listeners: readonly unknown[] | undefined): MissingCase['plus'] {
  const address = { socket_address: { address: '10.50.0.1', port_value: 80 } };
  const a = { name: 'a', load_assignment: { cluster_name: 'a', endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] } };
  const files = dump({
    BootstrapConfigDump: { bootstrap: { node: { id: 'p' } } },
    ClustersConfigDump: { static_clusters: [{ cluster: a }] },
    ...(listeners ? { ListenersConfigDump: { static_listeners: listeners } } : {}),
  });
  return { files, request: call() };
}

const whole = dumped([{ listener: asked }]);
/** Beside it the dump of a proxy that does not say its own addresses, but listens where the cluster leads. */
function behind(listeners: readonly unknown[] | undefined): MissingCase['plus'] {
  const [second = ''] = Object.values(
    dump({
      BootstrapConfigDump: { bootstrap: { node: { id: 'q' } } },
      ...(listeners ? { ListenersConfigDump: { static_listeners: listeners } } : {}),
    }),
  );
  return { ...whole, files: { ...whole.files, '/w/second.json': second } };
}

const answering = (address: unknown): Fields => ({
  listener: {
    name: 'm',
    address: { socket_address: address },
    filter_chains: [{ filters: [manager({ routes: [{ name: 'r', match: { prefix: '/' }, direct_response: { status: 200 } }] })] }],
  },
});
const seen = behind([answering({ address: '10.50.0.1', port_value: 80 })]);
const hidden = (name: string, listeners: readonly unknown[] | undefined): MissingCase => ({
  name,
  without: behind(listeners),
  plus: seen,
  becomes: 'direct_response',
});

const internal = (name: string, filters: unknown[], listener_filters: unknown[] = []): Fields => ({
  name,
  internal_listener: {},
  listener_filters,
  filter_chains: [{ filters }],
});
const INPUTS = 'envoy.extensions.matching.common_inputs.network.v3.';
const toChain = (typed_config: unknown): Fields => ({ action: { name: 'c0', typed_config } });
const byMatcher = (matcher: unknown): World => ({ chains: [chainOf('c0', null)], listener: { filter_chain_matcher: matcher } });
const C0 = toChain(any('google.protobuf.StringValue', { value: 'c0' }));
const tree = (input: unknown, map: unknown): Fields => ({ matcher_tree: { input, exact_match_map: map } });
const TLV_ROUTE: World = {
  listener: {
    listener_filters: [
      filter('p', `${LISTENER}proxy_protocol.v3.ProxyProtocol`, {
        rules: [{ tlv_type: 224, on_tlv_present: { metadata_namespace: 'lab', key: 'k' } }],
      }),
    ],
  },
  network: [
    filter('rbac', 'envoy.extensions.filters.network.rbac.v3.RBAC', {
      stat_prefix: 'r',
      rules: {
        action: 'ALLOW',
        policies: {
          p: {
            permissions: [{ metadata: { filter: 'lab', path: [{ key: 'k' }], value: { present_match: true } } }],
            principals: [{ any: true }],
          },
        },
      },
    }),
    manager({}),
  ],
};
const PORT = filter('p', `${INPUTS}DestinationPortInput`);
const noSource: Call = { connection: { source: undefined } };

export const listenerCases: readonly MissingCase[] = [
  { name: 'a dump without listeners', without: dumped(undefined), plus: whole, becomes: 'upstream' },
  {
    name: 'the router of a running proxy',
    without: dumped([
      { listener: { ...asked, filter_chains: [{ filters: [manager({ manager: { http_filters: [filter('c', 'cors.v3.Cors')] } })] }] } },
    ]),
    plus: whole,
    becomes: 'upstream',
  },
  { name: 'listeners that are cut', without: dumped([REST]), plus: whole, becomes: 'upstream' },
  { name: 'a listener of which nothing is left', without: dumped([{ listener: CUT }]), plus: whole, becomes: 'upstream' },
  {
    name: 'a listener whose address is cut',
    without: dumped([{ listener: { ...asked, address: { socket_address: CUT } } }]),
    plus: whole,
    becomes: 'upstream',
  },
  {
    name: 'a listener whose address is kept back',
    without: dumped([{ listener: { ...asked, address: { socket_address: { address: '[redacted]', port_value: 80 } } } }]),
    plus: whole,
    becomes: 'upstream',
  },
  {
    name: 'a listener whose lost address may be the very one',
    without: dumped([{ listener: { ...asked, name: 'h', address: CUT } }, { listener: asked }]),
    plus: dumped([{ listener: { ...asked, name: 'h', ...port(90) } }, { listener: asked }]),
    becomes: 'upstream',
  },
  hidden('the next proxy without its listeners', undefined),
  hidden('the next proxy, of whose listeners one is cut', [{ listener: CUT }]),
  hidden('the next proxy, of which one listener lost its address', [answering({ address: '[redacted]', port_value: 80 })]),
  missing(
    'listeners of LDS',
    { world: { listener: port(81), more: { dynamic_resources: { lds_config: { ads: {} } } } } },
    { world: { more: { dynamic_resources: { lds_config: { ads: {} } } } } },
  ),
  missing(
    'whether a hidden listener takes over',
    {
      world: {
        listener: { use_original_dst: true, traffic_direction: 'OUTBOUND' },
        listeners: [{ ...asked, name: 'h', bind_to_port: false, address: { socket_address: { address: '[redacted]', port_value: 90 } } }],
      },
      call: { connection: { destination: '10.7.7.7:90', capture: 'outbound' } },
    },
    { world: { listener: { use_original_dst: true, traffic_direction: 'OUTBOUND' } } },
  ),
  missing(
    'whether a further address of a listener is meant',
    {
      world: {
        listener: { use_original_dst: true, traffic_direction: 'OUTBOUND' },
        listeners: [{ ...asked, ...port(90), name: 'h', bind_to_port: false, additional_addresses: [CUT] }],
      },
      call: { connection: { destination: '[fd00::7]:90', capture: 'outbound' } },
    },
    { world: { listener: { use_original_dst: true, traffic_direction: 'OUTBOUND' }, listeners: [] } },
  ),
  missing(
    'whether a lost listener takes over',
    {
      world: { listener: { use_original_dst: true, traffic_direction: 'OUTBOUND' }, listeners: [CUT as unknown as Fields] },
      call: { connection: { destination: '10.7.7.7:90', capture: 'outbound' } },
    },
    { world: { listener: { use_original_dst: true, traffic_direction: 'OUTBOUND' } } },
  ),
  missing(
    'a listener filter by ECDS',
    { world: { listener: { listener_filters: [{ name: 'x', config_discovery: { config_source: { ads: {} }, type_urls: [] } }] } } },
    { world: {} },
  ),
  missing(
    'a listener filter that is cut',
    { world: { listener: { listener_filters: [{ name: 'x', typed_config: CUT }] } } },
    { world: {} },
  ),
  missing(
    'a listener filter of its own',
    {
      world: {
        ...chains({ destination_port: 80 }, { destination_port: 90 }),
        listener: { listener_filters: [filter('x', `${LISTENER}acme.v3.Acme`)] },
      },
    },
    { world: chains({ destination_port: 80 }, { destination_port: 90 }) },
  ),
  missing(
    'conditions that are cut',
    { world: chains({ destination_port: 80, [LOST]: CUT }, {}) },
    { world: chains({ destination_port: 80 }, {}) },
  ),
  missing('chains that are cut', { world: { listener: { filter_chains: [chainOf('c', { destination_port: 90 }), REST] } } }, { world: {} }),
  missing('the rest of a listener', { world: { ...chains({ destination_port: 90 }), listener: { [LOST]: CUT } } }, { world: {} }),
  missing(
    'where an intercepted connection goes',
    {
      world: { ...chains({ destination_port: 80 }, { destination_port: 90 }), listener: { use_original_dst: true } },
      call: { connection: { destination: undefined }, request: { start: { listener: 'l' } } },
    },
    { call: { connection: { destination: '10.1.1.1:90' }, request: { start: { listener: 'l' } } } },
  ),
  missing(
    'which version of the PROXY protocol a client speaks',
    {
      world: {
        listener: { listener_filters: [filter('p', `${LISTENER}proxy_protocol.v3.ProxyProtocol`, { disallowed_versions: ['V1'] })] },
      },
      call: { connection: { directSource: '10.8.8.8' } },
    },
    { world: { listener: { listener_filters: [filter('p', `${LISTENER}proxy_protocol.v3.ProxyProtocol`)] } } },
  ),
  missing(
    'what the header of a client tells beside the addresses',
    { world: TLV_ROUTE, call: { connection: { directSource: '10.8.8.8' } } },
    { world: TLV_ROUTE, call: { connection: { directSource: '10.8.8.8', metadata: { lab: { k: 'v' } } } } },
  ),
  missing('where a connection comes from', { world: chains({ source_type: 'EXTERNAL' }, {}), call: noSource }, { call: {} }),
  missing(
    'by which address a chain is chosen',
    { world: chains({ source_prefix_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] }, {}), call: noSource },
    { call: {} },
  ),
  missing(
    'by which port a chain is chosen',
    { world: chains({ source_ports: [40000] }, {}), call: { connection: { source: '10.9.9.9' } } },
    { call: {} },
  ),
  missing(
    'chains of which one wins by chance',
    { world: chains({ prefix_ranges: [{ address_prefix: '0.0.0.0', prefix_len: 0 }] }, {}) },
    { world: chains({ prefix_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] }, {}) },
  ),
  missing(
    'an action that is cut',
    { world: byMatcher(tree(PORT, { map: { 80: { action: CUT } } })) },
    { world: byMatcher(tree(PORT, { map: { 80: C0 } })) },
  ),
  missing(
    'which entries of a map Envoy has made before it fails',
    { world: byMatcher(tree(PORT, { map: { 80: C0, 81: { ...C0, keep_matching: true } } })) },
    { world: byMatcher(tree(PORT, { map: { 80: C0, 81: C0 } })) },
  ),
  missing(
    'an action of its own',
    { world: byMatcher(tree(PORT, { map: { 80: toChain(any('envoy.matching.actions.acme.v3.Acme')) } })) },
    { world: byMatcher(tree(PORT, { map: { 80: C0 } })) },
  ),
  missing(
    'an action that is kept back',
    { world: byMatcher(tree(PORT, { map: { 80: toChain(any('google.protobuf.StringValue', { value: '[redacted]' })) } })) },
    { world: byMatcher(tree(PORT, { map: { 80: C0 } })) },
  ),
  missing(
    'a chain that is cut',
    {
      world: {
        listener: {
          filter_chain_matcher: tree(PORT, { map: { 80: toChain(any('google.protobuf.StringValue', { value: 'other' })) } }),
          filter_chains: [chainOf('c0', null), REST],
        },
      },
    },
    { world: byMatcher(tree(PORT, { map: { 80: C0 } })) },
  ),
  missing(
    'datagrams',
    {
      world: {
        listener: {
          address: { socket_address: { address: '0.0.0.0', port_value: 80, protocol: 'UDP' } },
          filter_chains: null,
          udp_listener_config: {},
        },
      },
      call: { isTcp: true, request: { start: { listener: 'l' } } },
    },
    { world: {}, call: {} },
  ),
  originalDestinationCase('[redacted]', 'metadata that an endpoint keeps back'),
  originalDestinationCase(CUT, 'metadata of an endpoint that is cut'),
];

/** An endpoint that leads into an internal listener, whose destination its metadata tells. */
function originalDestinationCase(local: string, name: string): MissingCase {
  const key = 'envoy.filters.listener.original_dst';
  const socket = {
    name: 'i',
    typed_config: any('envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport', {
      passthrough_metadata: [{ kind: { host: {} }, name: key }],
      transport_socket: { name: 'raw', typed_config: any('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer') },
    }),
  };
  const given = (told: unknown): World => {
    const host = {
      endpoint: { address: { envoy_internal_address: { server_listener_name: 'in' } } },
      metadata: { filter_metadata: { [key]: told } },
    };
    const led = { name: 'b', transport_socket: socket, load_assignment: { cluster_name: 'b', endpoints: [{ lb_endpoints: [host] }] } };
    return {
      routes: [{ match: { prefix: '/' }, route: { cluster: 'b' } }],
      clusters: [led],
      listeners: [internal('in', [manager({})], [filter('o', `${LISTENER}original_dst.v3.OriginalDst`)])],
    };
  };
  return missing(name, { world: given(local === CUT ? CUT : { local }) }, { world: given({ local: '10.1.1.1:80' }) });
}

/** What each input of a matcher yields, and what each custom matcher makes of it, through a virtual host's or a chain's matcher (Envoy: source/extensions/matching). */
import { describe, expect, test } from 'vitest';
import { any, fate, filter, type FilterCall } from '../httpFilters/filterTrace';
import { hopOf, onlyPath, tcp, traceOf } from '../support/traceOf';

type Fields = Readonly<Record<string, unknown>>;

const NETWORK = 'envoy.extensions.matching.common_inputs.network.v3.';
const typed = (type: string, fields: Fields = {}): Fields => ({ name: 'i', typed_config: any(type, fields) });
const to = (name: string): Fields => ({ action: typed('google.protobuf.StringValue', { value: name }) });

/** The chain that a `filter_chain_matcher` names; of two chains. */
function chainOf(matcher: Fields, request = tcp('10.0.0.1:8080')): string | undefined {
  const echo = { name: 'e', typed_config: any('envoy.extensions.filters.network.echo.v3.Echo') };
  const inspector = (type: string): Fields => ({ name: type, typed_config: any(`envoy.extensions.filters.listener.${type}`) });
  const listener = {
    name: 'l',
    address: { socket_address: { address: '0.0.0.0', port_value: 8080 } },
    listener_filters: [inspector('tls_inspector.v3.TlsInspector'), inspector('http_inspector.v3.HttpInspector')],
    filter_chain_matcher: matcher,
    filter_chains: ['yes', 'no'].map((name) => ({ name, filters: [echo] })),
  };
  const path = onlyPath(traceOf(JSON.stringify({ static_resources: { listeners: [listener] } }), request));
  return hopOf(path).filterChain?.name ?? path.disposition;
}

const exactly = (input: Fields, value: string): Fields => ({
  matcher_tree: { input, exact_match_map: { map: { [value]: to('yes') } } },
  on_no_match: to('no'),
});
const TLS = { transport: 'tls' as const, sni: 'WWW.A.test', alpn: ['h2', 'http/1.1'] };
const GET = { version: 'http1' as const, method: 'GET', scheme: 'http' as const, authority: 'a', path: '/', headers: [] };

describe('of a connection', () => {
  test.each<[string, string, Parameters<typeof tcp>[1], string]>([
    ['DestinationIPInput', '10.0.0.1', {}, 'yes'],
    ['DestinationPortInput', '8080', {}, 'yes'],
    ['SourceIPInput', '10.9.9.9', {}, 'yes'],
    ['SourcePortInput', '40000', {}, 'yes'],
    ['DirectSourceIPInput', '10.9.9.9', {}, 'yes'],
    ['SourceTypeInput', 'local', {}, 'no'],
    ['SourceTypeInput', 'local', { source: '127.0.0.1:9' }, 'yes'],
    ['SourceTypeInput', 'local', { source: '10.0.0.1:9' }, 'yes'],
    ['ServerNameInput', 'www.a.test', TLS, 'yes'],
    ['ServerNameInput', '', {}, 'no'],
    ['TransportProtocolInput', 'tls', TLS, 'yes'],
    ['TransportProtocolInput', 'raw_buffer', {}, 'yes'],
    ['ApplicationProtocolInput', "'h2','http/1.1'", TLS, 'yes'],
    ['ApplicationProtocolInput', "'http/1.1'", { http: GET }, 'yes'],
    ['ApplicationProtocolInput', 'http/1.1', { http: GET }, 'no'],
    ['ApplicationProtocolInput', "'h2c'", { http: { ...GET, version: 'http2' } }, 'yes'],
    ['NetworkNamespaceInput', '', {}, 'no'],
  ])('%s %j', (input, value, more, expected) => {
    expect(chainOf(exactly(typed(NETWORK + input), value), tcp('10.0.0.1:8080', more))).toBe(expected);
  });

  test.each([
    ['10.1.0.0', 'yes'],
    ['10.0.0.0', 'no'],
  ])('IP ranges from %s', (address_prefix, expected) => {
    const custom_match = typed('xds.type.matcher.v3.IPMatcher', {
      range_matchers: [{ ranges: [{ address_prefix, prefix_len: 16 }], on_match: to('yes') }],
    });
    const matcher = { matcher_tree: { input: typed(`${NETWORK}DestinationIPInput`), custom_match }, on_no_match: to('no') };
    expect(chainOf(matcher, tcp('10.1.2.3:8080'))).toBe(expected);
  });

  test('server names by their domains; a star takes a name, not its absence', () => {
    const domains = (...names: string[]): Fields => ({
      matcher_tree: {
        input: typed(`${NETWORK}ServerNameInput`),
        custom_match: typed('xds.type.matcher.v3.ServerNameMatcher', { domain_matchers: [{ domains: names, on_match: to('yes') }] }),
      },
      on_no_match: to('no'),
    });
    expect(chainOf(domains('*.a.test'), tcp('10.0.0.1:8080', TLS))).toBe('yes');
    expect(chainOf(domains('a.test'), tcp('10.0.0.1:8080', TLS))).toBe('no');
    expect(chainOf(domains('*'), tcp('10.0.0.1:8080'))).toBe('no');
  });
});

describe('of a request', () => {
  const state = filter('s', 'set_filter_state.v3.Config', {
    on_request_headers: [
      { object_key: 'text', factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: '%REQ(x)%' } } },
      {
        object_key: 'address',
        factory_key: 'envoy.network.transport_socket.original_dst_address',
        format_string: { text_format_source: { inline_string: '10.4.0.5:9080' } },
      },
    ],
  });
  const data = filter('d', 'set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: { k: 'v', n: 5, l: ['a', 'b'] } }] });

  /** Whether an RBAC filter behind those denies. */
  function holds(predicate: Fields, call: FilterCall = {}): boolean {
    const deny = typed('envoy.config.rbac.v3.Action', { name: 'p', action: 'DENY' });
    const pass = typed('envoy.config.rbac.v3.Action', { name: 'q', action: 'ALLOW' });
    const matcher = { matcher_list: { matchers: [{ predicate, on_match: { action: deny } }] }, on_no_match: { action: pass } };
    return fate({ filters: [state, data, filter('rbac', 'rbac.v3.RBAC', { matcher })] }, { headers: { x: 'v' }, ...call }) !== 'upstream a';
  }
  const text = (input: Fields, exact: string): Fields => ({ single_predicate: { input, value_match: { exact } } });
  const custom = (input: Fields, matcher: Fields): Fields => ({ single_predicate: { input, custom_match: matcher } });
  const header = (header_name: string): Fields => typed('envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name });
  const metadata = (key: string): Fields => typed(`${NETWORK}DynamicMetadataInput`, { filter: 'lab', path: [{ key }] });
  const IP = 'envoy.extensions.matching.input_matchers.ip.v3.Ip';
  const value = (matcher: Fields, invert = false): Fields =>
    typed('envoy.extensions.matching.input_matchers.metadata.v3.Metadata', { value: matcher, invert });

  test.each<[string, Fields, FilterCall, boolean]>([
    ['a header', text(header('x'), 'v'), {}, true],
    ['all values of a header, joined', text(header('x'), 'a,b'), { headers: [['x', 'a'], ['x', 'b']] }, true], // prettier-ignore
    ['a pseudo header', text(header(':method'), 'GET'), {}, true],
    ['a header that is missing', text(header('none'), ''), {}, false],
    ['a header that is missing, negated', { not_matcher: text(header('none'), 'v') }, {}, true],
    ['filter state', text(typed(`${NETWORK}FilterStateInput`, { key: 'text' }), 'v'), {}, true],
    ['filter state that is not there', text(typed(`${NETWORK}FilterStateInput`, { key: 'none' }), ''), {}, false],
    ['a field of filter state', text(typed(`${NETWORK}FilterStateInput`, { key: 'address', field: 'ip' }), '10.4.0.5'), {}, true],
    ['another field of filter state', text(typed(`${NETWORK}FilterStateInput`, { key: 'address', field: 'port' }), '9080'), {}, true],
    ['a field that the object has not', text(typed(`${NETWORK}FilterStateInput`, { key: 'text', field: 'ip' }), ''), {}, false],
    ['the source', text(typed(`${NETWORK}SourceIPInput`), '10.9.9.9'), {}, true],
    ['an address in a range', custom(typed(`${NETWORK}SourceIPInput`), typed(IP, { cidr_ranges: [{ address_prefix: '10.9.0.0', prefix_len: 16 }] })), {}, true], // prettier-ignore
    ['what is no address', custom(header('x'), typed(IP, { cidr_ranges: [{ address_prefix: '0.0.0.0', prefix_len: 0 }] })), {}, false],
    ['metadata', custom(metadata('k'), value({ string_match: { exact: 'v' } })), {}, true],
    ['metadata, inverted', custom(metadata('k'), value({ string_match: { exact: 'v' } }, true)), {}, false],
    ['metadata that is not there, inverted', custom(metadata('none'), value({ string_match: { exact: 'v' } }, true)), {}, true],
    ['a number', custom(metadata('n'), value({ double_match: { exact: 5 } })), {}, true],
    ['a number up to the end of a range', custom(metadata('n'), value({ double_match: { range: { start: 1, end: 5 } } })), {}, false],
    ['one of a list', custom(metadata('l'), value({ list_match: { one_of: { string_match: { exact: 'b' } } } })), {}, true],
    ['one of two values', custom(metadata('k'), value({ or_match: { value_matchers: [{ bool_match: true }, { present_match: true }] } })), {}, true], // prettier-ignore
    ['presence that must not be', custom(metadata('none'), value({ present_match: false })), {}, false],
    ['a hash', custom(header('x'), typed('envoy.extensions.matching.input_matchers.consistent_hashing.v3.ConsistentHashing', { modulo: 10, threshold: 0 })), {}, true], // prettier-ignore
    ['a fraction of none', custom(header('x'), typed('envoy.extensions.matching.input_matchers.runtime_fraction.v3.RuntimeFraction', { runtime_fraction: { default_value: { numerator: 0 } } })), {}, false], // prettier-ignore
  ])('%s', (_, predicate, call, expected) => {
    expect(holds(predicate, call)).toBe(expected);
  });
});

/** Which filter chain takes a connection: filter_chain_match, filter_chain_matcher, the default chain, and what Envoy refuses. */
import { describe, expect, test } from 'vitest';
import { GET, hopOf, onlyPath, stepsOf, tcp, traceOf } from '../support/traceOf';

type Chain = [name: string, match: string];

const ECHO = "filters: [{name: e, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}]";
const INSPECTORS = `
      - {name: tls, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}
      - {name: http, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.http_inspector.v3.HttpInspector}}`;

function listener(chains: readonly Chain[], more = ''): string {
  const list = chains.map(([name, match]) => `\n      - {name: ${name}, filter_chain_match: ${match}, ${ECHO}}`).join('');
  return `
static_resources:
  listeners:
    - name: l
      address: {socket_address: {address: 0.0.0.0, port_value: 8080}}
      listener_filters:${INSPECTORS}
      filter_chains:${list === '' ? ' []' : list}
      ${more}
`;
}

const DEFAULT = `default_filter_chain: {name: d, ${ECHO}}`;

function chosen(config: string, request: Parameters<typeof tcp>[1], destination = '10.1.2.3:8080'): string | null | undefined {
  const path = onlyPath(traceOf(config, tcp(destination, request)));
  if (path.disposition === 'no_filter_chain') return null;
  if (path.disposition !== 'closed') return `${path.disposition} ${path.missing?.join() ?? ''}`;
  return hopOf(path).filterChain?.name;
}

describe('filter_chain_match', () => {
  test('a port that some chain names shuts out chains without a port, even where that chain fails', () => {
    const chains: Chain[] = [
      ['A', '{destination_port: 8080, prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}'],
      ['B', '{}'],
    ];
    expect(chosen(listener(chains), {}, '10.1.2.3:8080')).toBe('A');
    expect(chosen(listener(chains), {}, '192.168.1.1:8080')).toBeNull();
    expect(chosen(listener(chains, DEFAULT), {}, '192.168.1.1:8080')).toBe('d');
  });

  test('the longest prefix is taken before the server name is looked at', () => {
    const chains: Chain[] = [
      ['A', '{prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}], server_names: [a.com]}'],
      ['B', '{prefix_ranges: [{address_prefix: 10.1.0.0, prefix_len: 16}]}'],
    ];
    expect(chosen(listener(chains), { sni: 'a.com' })).toBe('B');
  });

  test.each([
    ['WWW.Example.com', 'C'],
    ['a.example.com', 'B'],
    ['a.b.example.com', 'B'],
    ['example.com', 'A'],
    ['example.org', null],
  ])('server name %s leads to %s', (sni, expected) => {
    const chains: Chain[] = [
      ['A', '{server_names: ["*.com"]}'],
      ['B', '{server_names: ["*.example.com"]}'],
      ['C', '{server_names: [www.example.com]}'],
    ];
    expect(chosen(listener(chains), { sni })).toBe(expected);
  });

  test('a wildcard does not take the bare domain', () => {
    expect(chosen(listener([['A', '{server_names: ["*.example.com"]}']]), { sni: 'example.com' })).toBeNull();
  });

  test('plaintext counts as raw_buffer, TLS as tls', () => {
    const chains: Chain[] = [
      ['A', '{transport_protocol: tls}'],
      ['B', '{transport_protocol: raw_buffer}'],
    ];
    expect(chosen(listener(chains), { sni: 'x' })).toBe('A');
    expect(chosen(listener(chains), {})).toBe('B');
  });

  test("the client's own order decides among application protocols", () => {
    const chains: Chain[] = [
      ['A', '{application_protocols: [h2]}'],
      ['B', '{application_protocols: [http/1.1]}'],
    ];
    expect(chosen(listener(chains), { sni: 'x', alpn: ['http/1.1', 'h2'] })).toBe('B');
    expect(chosen(listener(chains), { sni: 'x', alpn: ['h2', 'http/1.1'] })).toBe('A');
    expect(chosen(listener(chains), { http: GET })).toBe('B');
  });

  test('a taken server name is not left again for want of an application protocol', () => {
    const chains: Chain[] = [
      ['A', '{server_names: [a], application_protocols: [h2]}'],
      ['B', '{}'],
    ];
    expect(chosen(listener(chains), { sni: 'a', alpn: ['http/1.1'] })).toBeNull();
  });

  test('source type: only chains of the own type count where there are any', () => {
    const chains: Chain[] = [
      ['A', '{source_type: EXTERNAL}'],
      ['B', '{}'],
    ];
    expect(chosen(listener(chains), { source: '127.0.0.1:9' })).toBe('B');
    expect(chosen(listener(chains), { source: '10.0.0.9:9' })).toBe('A');
    const local: Chain[] = [
      ['A', '{source_type: SAME_IP_OR_LOOPBACK, source_prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}'],
      ['B', '{}'],
    ];
    expect(chosen(listener(local), { source: '127.0.0.1:9' })).toBeNull();
    expect(chosen(listener(local), { source: '10.1.2.3:9' })).toBe('A');
  });

  test('source ports: one that nobody names is ephemeral', () => {
    const chains: Chain[] = [
      ['A', '{source_ports: [1234]}'],
      ['B', '{}'],
    ];
    expect(chosen(listener(chains), { source: '10.0.0.1:1234' })).toBe('A');
    expect(chosen(listener(chains), { source: '10.0.0.1:1235' })).toBe('B');
    expect(chosen(listener(chains), { source: '10.0.0.1' })).toBe('B');
    expect(chosen(listener([['A', '{source_ports: [40000]}']]), { source: '10.0.0.1' })).toMatch(/^insufficient_info .*source port/);
  });

  test('a single value stands for a list of one, as in protobuf', () => {
    expect(chosen(listener([['A', '{server_names: a.com}']]), { sni: 'b.com' })).toBeNull();
  });

  test('an unknown source matters only where a chain asks for it', () => {
    const asks: Chain[] = [
      ['A', '{source_prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}'],
      ['B', '{destination_port: 8081}'],
    ];
    const config = listener(asks);
    expect(onlyPath(traceOf(config, { connection: { destination: '10.1.2.3:8080' } })).disposition).toBe('insufficient_info');
    expect(onlyPath(traceOf(listener([['A', '{}']]), { connection: { destination: '10.1.2.3:8080' } })).disposition).toBe('closed');
  });

  test('an explicit 0.0.0.0/0 beside no prefix is decided by chance, unless both ways end', () => {
    const chains: Chain[] = [
      ['A', '{prefix_ranges: [{address_prefix: 0.0.0.0, prefix_len: 0}]}'],
      ['B', '{}'],
    ];
    expect(chosen(listener(chains), {})).toMatch(/^insufficient_info which chain wins: `A`.*`B`/);
    const ends: Chain[] = [
      ['A', '{prefix_ranges: [{address_prefix: 0.0.0.0, prefix_len: 0}], server_names: [a]}'],
      ['B', '{server_names: [b]}'],
    ];
    expect(chosen(listener(ends), {})).toBeNull();
  });
});

describe('every other chain is told with the first condition that dropped it', () => {
  const chains: Chain[] = [
    ['A', '{destination_port: 9090}'],
    ['B', '{destination_port: 8080, server_names: [b.com]}'],
    ['C', '{destination_port: 8080, server_names: ["*.com"]}'],
    ['D', '{}'],
  ];
  const [step] = stepsOf(hopOf(onlyPath(traceOf(listener(chains), tcp('10.1.2.3:8080', { sni: 'a.com' })))), 'filter_chain');

  test('the winner and its conditions', () => {
    expect(step?.decision).toBe('filter chain `C` serves the connection');
    expect(step?.because).toBe('destination port is `8080`, server name is `a.com`');
    expect(step?.at?.pointer).toBe('/static_resources/listeners/0/filter_chains/2/filter_chain_match');
  });

  test.each([
    ['`A`', 'destination port is `8080`, must be `9090`', '/0/filter_chain_match/destination_port'],
    ['`B`', 'server name is `a.com`, must be `b.com`', '/1/filter_chain_match/server_names'],
    ['`D`', 'it asks for no destination port, and', '/3/filter_chain_match'],
  ])('%s', (candidate, because, pointer) => {
    const rejected = step?.rejected.find((each) => each.candidate === candidate);
    expect(rejected?.because).toContain(because);
    expect(rejected?.at?.pointer).toBe(`/static_resources/listeners/0/filter_chains${pointer}`);
    expect(step?.rejectedTotal).toBe(3);
  });
});

test('a chain that would do as well is said to fit less', () => {
  const chains: Chain[] = [
    ['wide', '{prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}'],
    ['narrow', '{prefix_ranges: [{address_prefix: 10.1.0.0, prefix_len: 16}]}'],
    ['elsewhere', '{prefix_ranges: [{address_prefix: 11.0.0.0, prefix_len: 8}]}'],
  ];
  const [step] = stepsOf(hopOf(onlyPath(traceOf(listener(chains), tcp('10.1.2.3:8080')))), 'filter_chain');
  expect(step?.rejected.map(({ because }) => because)).toEqual([
    'it asks for `10.0.0.0/8`, and `narrow` fits better: destination IP is `10.1.2.3`',
    'destination IP is `10.1.2.3`, must be `11.0.0.0/8`',
  ]);
});

test('TLS that no listener filter reads is said to be unread', () => {
  const chains: Chain[] = [
    ['names', '{server_names: [a.com]}'],
    ['tls', '{transport_protocol: tls}'],
  ];
  const blind = listener(chains).replace(INSPECTORS, ' []');
  const [step] = stepsOf(hopOf(onlyPath(traceOf(blind, tcp('10.1.2.3:8080', { sni: 'a.com' })))), 'filter_chain');
  expect(step?.rejected.map(({ because }) => because)).toEqual([
    'transport protocol is `raw_buffer`, for no listener filter looks for TLS (tls_inspector), must be `tls`',
    'no listener filter reads which server the client names (tls_inspector), must be `a.com`',
  ]);
});

test('of the chains that lost those come first that passed the most levels', () => {
  const chains: Chain[] = [
    ['port', '{destination_port: 1}'],
    ['tls', '{transport_protocol: tls}'],
    ['range', '{prefix_ranges: [{address_prefix: 11.0.0.0, prefix_len: 8}]}'],
    ['tls2', '{transport_protocol: tls, server_names: [a.com]}'],
    ['taken', '{}'],
  ];
  const [step] = stepsOf(hopOf(onlyPath(traceOf(listener(chains), tcp('10.1.2.3:8080')))), 'filter_chain');
  expect(step?.rejected.map(({ candidate }) => candidate)).toEqual(['`tls`', '`tls2`', '`range`', '`port`']);
});

describe('what Envoy refuses', () => {
  test.each<[string, Chain[]]>([
    ['a bare wildcard', [['A', '{server_names: ["*"]}']]],
    ['a wildcard in the middle', [['A', '{server_names: ["a.*.com"]}']]],
    [
      'two chains without conditions',
      [
        ['A', '{}'],
        ['B', '{}'],
      ],
    ],
    [
      'lists that overlap',
      [
        ['A', '{server_names: [a, b]}'],
        ['B', '{server_names: [b]}'],
      ],
    ],
    [
      'ranges that are the same',
      [
        ['A', '{prefix_ranges: [{address_prefix: 10.1.2.3, prefix_len: 8}]}'],
        ['B', '{prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}'],
      ],
    ],
    [
      'one range twice in one chain',
      [['A', '{prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}, {address_prefix: 10.0.0.0, prefix_len: 8}]}']],
    ],
    ['address_suffix', [['A', '{address_suffix: x, suffix_len: 3}']]],
    ['no chain at all', []],
  ])('%s', (_, chains) => {
    expect(onlyPath(traceOf(listener(chains), tcp('10.1.2.3:8080'))).disposition).toBe('config_rejected');
  });
});

describe('filter_chain_matcher', () => {
  const matcher = (entries: string, onNoMatch = ''): string => `filter_chain_matcher:
        matcher_tree:
          input: {name: port, typed_config: {'@type': type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput}}
          exact_match_map: {map: {${entries}}}
        ${onNoMatch}`;
  const to = (name: string): string =>
    `{action: {name: label, typed_config: {'@type': type.googleapis.com/google.protobuf.StringValue, value: ${name}}}}`;

  test('the action names the chain; the conditions of the chains do not count', () => {
    const config = listener(
      [
        ['A', '{destination_port: 1}'],
        ['B', '{}'],
      ],
      matcher(`'8080': ${to('A')}`),
    );
    expect(chosen(config, {})).toBe('A');
    const [step] = stepsOf(hopOf(onlyPath(traceOf(config, tcp('10.1.2.3:8080')))), 'filter_chain');
    expect(step?.because).toBe('destination port is `8080`');
  });

  test('a name that no chain has closes the connection, default or not', () => {
    const config = listener([['A', '{}']], `${matcher(`'8080': ${to('nobody')}`)}\n      ${DEFAULT}`);
    expect(chosen(config, {})).toBeNull();
    const [step] = stepsOf(hopOf(onlyPath(traceOf(config, tcp('10.1.2.3:8080')))), 'filter_chain');
    expect(step?.because).toBe('the matcher names `nobody`, and no chain has that name; the default filter chain does not serve instead');
  });

  test('a miss leads to the default chain', () => {
    expect(chosen(listener([['A', '{}']], `${matcher(`'81': ${to('A')}`)}\n      ${DEFAULT}`), {})).toBe('d');
    expect(chosen(listener([['A', '{}']], matcher(`'81': ${to('A')}`)), {})).toBeNull();
  });

  test('names must be unique and there', () => {
    expect(
      chosen(
        listener(
          [
            ['A', '{}'],
            ['A', '{}'],
          ],
          matcher(`'8080': ${to('A')}`),
        ),
        {},
      ),
    ).toBe('config_rejected ');
  });
});

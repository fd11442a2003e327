import { describe, expect, test } from 'vitest';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import { impliedRequest } from '../../../../server/src/trace/request/impliedRequest';
import { sampleOfRegex } from '../../../../server/src/trace/request/implied/sampleText';

const HCM = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';

const config = `
static_resources:
  listeners:
  - name: edge
    address: { socket_address: { address: 10.0.0.1, port_value: 8443 } }
    filter_chains:
    - name: secure
      filter_chain_match: { server_names: ["*.shop.test"], transport_protocol: tls, application_protocols: [h2], source_prefix_ranges: [{ address_prefix: 10.9.0.0, prefix_len: 16 }] }
      transport_socket: { name: t, typed_config: { "@type": ${TLS}, require_client_certificate: true } }
      filters:
      - name: hcm
        typed_config:
          "@type": ${HCM}
          route_config:
            virtual_hosts:
            - name: shop
              domains: ["*.shop.test"]
              routes:
              - name: by-header
                match: { path_separated_prefix: /a, headers: [{ name: x-user, string_match: { exact: jason } }, { name: ":method", string_match: { exact: PUT } }], query_parameters: [{ name: q, string_match: { prefix: v } }] }
                route: { cluster: c }
              - name: by-regex
                match: { safe_regex: { regex: '/item/\\d+/[^/]+(\\.html)?' } }
                route: { cluster: c }
              - name: tunnel
                match: { connect_matcher: {} }
                route: { cluster: c }
  - name: by-matcher
    address: { socket_address: { address: 0.0.0.0, port_value: 15001 } }
    filter_chain_matcher:
      matcher_tree:
        input: { name: ip, typed_config: { "@type": type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.DestinationIPInput } }
        exact_match_map:
          map:
            10.96.183.192:
              matcher:
                matcher_tree:
                  input: { name: port, typed_config: { "@type": type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput } }
                  exact_match_map: { map: { "9080": { action: { name: to-reviews, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: reviews } } } } }
    filter_chains:
    - { name: reviews, filters: [] }
  clusters:
  - { name: c, connect_timeout: 1s }
`;

/** The request that is implied where `text` stands for the first time. */
function impliedAt(text: string): ReturnType<typeof impliedRequest> {
  const offset = config.indexOf(text);
  expect(offset).toBeGreaterThan(0);
  return impliedRequest(buildSnapshot([{ uri: 'envoy.yaml', text: config }]), 'envoy.yaml', offset);
}

describe('the request that a place implies', () => {
  test('a listener: its address', () => {
    expect(impliedAt('name: edge')).toMatchObject({
      title: 'listener edge',
      request: { connection: { destination: '10.0.0.1:8443' }, start: { at: { pointer: '/static_resources/listeners/0' } } },
    });
  });

  test.each(['              - name: by-regex', '- name: by-regex', ' name: by-regex'])(
    'before the first word of a line its item is meant: %j',
    (text) => expect(impliedAt(text)?.title).toBe('route by-regex of shop'),
  );

  test('a filter chain: the conditions of its match, its TLS and its protocol', () => {
    expect(impliedAt('name: secure')?.request).toMatchObject({
      connection: {
        destination: '10.0.0.1:8443',
        source: '10.9.0.0',
        transport: 'tls',
        sni: 'a.shop.test',
        alpn: ['h2'],
        peerPrincipals: [expect.stringMatching(/^spiffe:/)],
      },
      http: { version: 'http2', scheme: 'https', authority: 'a.shop.test' },
    });
  });

  test('a route: path, headers and authority that it takes', () => {
    expect(impliedAt('name: by-header')).toMatchObject({
      title: 'route by-header of shop',
      request: { http: { method: 'PUT', authority: 'a.shop.test', path: '/a?q=v', headers: [['x-user', 'jason']] } },
    });
    expect(impliedAt('name: by-regex')?.request.http?.path).toMatch(/^\/item\/\d+\/[^/]+$/);
    expect(impliedAt('name: tunnel')?.request.http).toMatchObject({ method: 'CONNECT', authority: 'a.shop.test:443', path: '' });
  });

  test('a virtual host, a filter chain: the first of their routes', () => {
    expect(impliedAt('name: shop')?.request.http).toMatchObject({
      authority: 'a.shop.test',
      path: '/a?q=v',
      headers: [['x-user', 'jason']],
    });
    expect(impliedAt('name: secure')?.request.http).toMatchObject({ authority: 'a.shop.test', path: '/a?q=v' });
  });

  test('a branch of a matcher: the conditions on the way to it', () => {
    expect(impliedAt('name: to-reviews')?.request.connection).toMatchObject({ destination: '10.96.183.192:9080' });
    expect(impliedAt('name: reviews, filters')?.request.connection).toMatchObject({ destination: '10.96.183.192:9080' });
  });

  test('a cluster: itself', () => {
    const implied = impliedAt('name: c, connect');
    expect(implied?.title).toBe('cluster c');
    expect(implied?.request.start?.at?.pointer).toMatch(/^\/static_resources\/clusters\/0/);
  });

  test('what no request passes implies none', () => {
    expect(impliedAt('static_resources')).toBeUndefined();
  });
});

describe('where the proxy leads into itself, and copies in a dump', () => {
  const ORIGINAL_DST = 'type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst';
  const NETWORK_INPUT = 'type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3';
  const manager = (routes: string): string =>
    `{ name: hcm, typed_config: { "@type": ${HCM}, stat_prefix: h, route_config: { virtual_hosts: [{ name: v, domains: ["*"], routes: [${routes}] }] } } }`;
  const waypoint = `
static_resources:
  listeners:
  - name: connect_terminate
    address: { socket_address: { address: 0.0.0.0, port_value: 15008 } }
    filter_chains:
    - filters: [${manager('{ match: { connect_matcher: {} }, route: { cluster: main_internal, upgrade_configs: [{ upgrade_type: CONNECT, connect_config: {} }] } }')}]
  - name: main_internal
    internal_listener: {}
    filter_chain_matcher:
      matcher_tree:
        input: { name: ip, typed_config: { "@type": ${NETWORK_INPUT}.DestinationIPInput } }
        exact_match_map:
          map:
            10.96.0.2:
              matcher:
                matcher_tree:
                  input: { name: port, typed_config: { "@type": ${NETWORK_INPUT}.DestinationPortInput } }
                  exact_match_map: { map: { "9080": { action: { name: web, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: web } } } } }
    filter_chains:
    - name: web
      filters: [${manager('{ match: { prefix: /web }, route: { cluster: app } }')}]
  clusters:
  - { name: main_internal, load_assignment: { cluster_name: main_internal, endpoints: [{ lb_endpoints: [{ endpoint: { address: { envoy_internal_address: { server_listener_name: main_internal } } } }] }] } }
  - { name: "inbound|8080||", type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED }
`;
  const at = (text: string, part: string): ReturnType<typeof impliedRequest> =>
    impliedRequest(buildSnapshot([{ uri: 'w.yaml', text }]), 'w.yaml', text.indexOf(part));

  test('a waypoint is asked for the first destination that it tells apart, with a request of its routes', () => {
    expect(at(waypoint, 'name: connect_terminate')?.request).toMatchObject({
      http: { method: 'CONNECT', authority: '10.96.0.2:9080' },
      inner: { http: { method: 'GET', path: '/web', authority: '10.96.0.2:9080' } },
    });
  });

  test('a matcher is asked for what the chain of its first branch speaks', () => {
    expect(at(waypoint, 'filter_chain_matcher')?.request).toMatchObject({
      connection: { destination: '10.96.0.2:9080' },
      http: { method: 'GET', path: '/web' },
    });
  });

  test('a listener is asked for what the chain of its port speaks', () => {
    const inbound = `
static_resources:
  listeners:
  - name: virtualInbound
    traffic_direction: INBOUND
    address: { socket_address: { address: 0.0.0.0, port_value: 15006 } }
    listener_filters: [{ name: dst, typed_config: { "@type": ${ORIGINAL_DST} } }]
    filter_chains:
    - { name: blackhole, filter_chain_match: { destination_port: 15006 } }
    - { name: pass, filter_chain_match: { transport_protocol: tls } }
    - name: app
      filter_chain_match: { destination_port: 9080 }
      filters: [${manager('{ match: { prefix: /app }, route: { cluster: app } }')}]
`;
    const implied = at(inbound, 'name: virtualInbound')?.request;
    expect(implied?.connection.destination).toMatch(/:9080$/);
    expect(implied?.connection.transport ?? 'raw_buffer').toBe('raw_buffer');
    expect(implied?.http).toMatchObject({ method: 'GET', path: '/app' });
  });

  test('a cluster whose address comes with the connection: that of the proxy where it must be, else none', () => {
    const inbound = 'name: "inbound|8080||"';
    expect(at(waypoint, inbound)?.request.connection).toEqual({});
    const node = '{ id: "sidecar~10.4.0.5~app.shop~shop.svc.cluster.local", metadata: { INSTANCE_IPS: 10.4.0.5 } }';
    expect(at(`node: ${node}\n${waypoint}`, inbound)?.request.connection).toEqual({ destination: '10.4.0.5:8080' });
  });

  test('an internal listener to which no endpoint leads: an address that is restored', () => {
    const alone = `static_resources: { listeners: [{ name: alone, internal_listener: {}, listener_filters: [{ name: o, typed_config: { "@type": ${ORIGINAL_DST} } }] }] }`;
    expect(at(alone, 'name: alone')?.request.connection.metadata).toEqual({
      'envoy.filters.listener.original_dst': { local: '192.0.2.1:80' },
    });
  });

  test('routes without a name that a dump repeats belong to the listener that has them', () => {
    const routes = {
      virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/ready' }, direct_response: { status: 200 } }] }],
    };
    const listener = {
      name: 'ready',
      address: { socket_address: { address: '10.0.0.1', port_value: 15021 } },
      filter_chains: [{ filters: [{ name: 'h', typed_config: { '@type': HCM, stat_prefix: 'h', route_config: routes } }] }],
    };
    const ADMIN = 'type.googleapis.com/envoy.admin.v3';
    const dump = JSON.stringify({
      configs: [
        { '@type': `${ADMIN}.ListenersConfigDump`, static_listeners: [{ listener }] },
        { '@type': `${ADMIN}.RoutesConfigDump`, static_route_configs: [{ route_config: routes }] },
      ],
    });
    const implied = impliedRequest(buildSnapshot([{ uri: 'd.json', text: dump }]), 'd.json', dump.lastIndexOf('"/ready"'));
    expect(implied?.request).toMatchObject({ connection: { destination: '10.0.0.1:15021' }, http: { path: '/ready' } });
  });
});

test.each([String.raw`^/abc/(.*?)$`, String.raw`/v[0-9]+/(users|teams)/\w{2,5}`, String.raw`[^a-z]+\.example\.(?:com|org)`, '(?i)x?yz*'])(
  'a text for %s',
  (regex) => {
    const sample = sampleOfRegex(regex);
    expect(sample).toBeDefined();
    expect(sample).toMatch(new RegExp(`^(?:${regex.replace('(?i)', '')})$`));
  },
);

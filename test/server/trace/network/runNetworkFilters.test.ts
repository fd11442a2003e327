/** Network filters: order, terminal filters, tcp_proxy's cluster, tunnels, filter state, and those that are not guessed. */
import { describe, expect, test } from 'vitest';
import { hopOf, onlyPath, stepsOf, tcp, traceOf } from '../support/traceOf';

const NETWORK = 'type.googleapis.com/envoy.extensions.filters.network';
const filter = (name: string, type: string, fields = ''): string =>
  `{name: ${name}, typed_config: {'@type': ${type.includes('/') ? type : `${NETWORK}.${type}`}${fields === '' ? '' : `, ${fields}`}}}`;
const tcpProxy = (fields: string): string => filter('tcp', 'tcp_proxy.v3.TcpProxy', `stat_prefix: t, ${fields}`);
const INSPECTOR = "{name: t, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}";
const cluster = (name: string, ip: string): string =>
  `{name: '${name}', connect_timeout: 1s, load_assignment: {cluster_name: x, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: ${ip}, port_value: 80}}}}]}]}}`;

const config = (...filters: string[]): string =>
  `static_resources: {listeners: [{name: l, address: {socket_address: {address: 0.0.0.0, port_value: 80}}, listener_filters: [${INSPECTOR}], filter_chains: [{name: c, filters: [${filters.join(', ')}]}]}], clusters: [${cluster('one', '10.0.0.11')}, ${cluster('two', '10.0.0.12')}, ${cluster('a.com', '10.0.0.13')}]}`;
const TO_NO_LISTENER =
  '{name: inside, connect_timeout: 1s, load_assignment: {cluster_name: x, endpoints: [{lb_endpoints: [{endpoint: {address: {envoy_internal_address: {server_listener_name: none}}}}]}]}}';
const withEmptyCluster = (files: string): string =>
  files.replace(
    '], clusters: [',
    `], clusters: [{name: empty, type: STATIC, connect_timeout: 1s, load_assignment: {cluster_name: empty}}, ${TO_NO_LISTENER}, `,
  );
const trace = (files: string, more: Parameters<typeof tcp>[1] = {}) => traceOf(files, tcp('10.0.0.1:80', more));
const clusterOf = (files: string, more: Parameters<typeof tcp>[1] = {}): string | undefined => hopOf(onlyPath(trace(files, more))).cluster;

describe('order', () => {
  test.each<[string, string[], string]>([
    ['no filter', [], 'closed'],
    ['the last one is not terminal', [filter('s', 'sni_cluster.v3.SniCluster')], 'config_rejected'],
    ['a terminal one before the last', [filter('e', 'echo.v3.Echo'), tcpProxy('cluster: one')], 'config_rejected'],
    ['an unknown one', [filter('x', 'type.googleapis.com/acme.Filter'), tcpProxy('cluster: one')], 'insufficient_info'],
    [
      'an HTTP filter',
      [filter('x', 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors'), tcpProxy('cluster: one')],
      'config_rejected',
    ],
    [
      'a filter behind a matcher, which Envoy has for HTTP alone',
      [filter('x', 'type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher'), tcpProxy('cluster: one')],
      'config_rejected',
    ],
    ['ext_authz', [filter('x', 'ext_authz.v3.ExtAuthz'), tcpProxy('cluster: one')], 'insufficient_info'],
    [
      'a Wasm plugin',
      [filter('x', 'wasm.v3.Wasm', 'config: {vm_config: {code: {local: {filename: x.wasm}}}}'), tcpProxy('cluster: one')],
      'insufficient_info',
    ],
    ['echo', [filter('e', 'echo.v3.Echo')], 'closed'],
  ])('%s', (_, filters, disposition) => {
    expect(onlyPath(trace(config(...filters))).disposition).toBe(disposition);
  });

  // Observed with Envoy 1.40: the access log says NC, UH, and of the last one rbac_access_denied.
  test.each([
    ['cluster: nowhere', ['no_cluster 1']],
    ['cluster: empty', ['no_endpoint 1']],
    ['cluster: inside', ['no_listener 1']],
    ['cluster: one', ['denied 1']],
    ['cluster: subsets, metadata_match: {filter_metadata: {envoy.lb: {v: b}}}', ['no_endpoint 1']],
    ['cluster: subsets, metadata_match: {filter_metadata: {envoy.lb: {v: a}}}', ['denied 1']],
    ['weighted_clusters: {clusters: [{name: empty, weight: 1}, {name: one, weight: 3}]}', ['denied 0.75', 'no_endpoint 0.25']],
    ['weighted_clusters: {clusters: [{name: two, weight: 1}, {name: one, weight: 3}]}', ['denied 1']],
  ])('a tcp_proxy to %s closes before RBAC has read anything, or not', (target, expected) => {
    const all = 'permissions: [{any: true}], principals: [{any: true}]';
    const rbac = filter('r', 'rbac.v3.RBAC', `stat_prefix: r, rules: {action: DENY, policies: {p: {${all}}}}`);
    const subsets = cluster('subsets', '10.0.0.14')
      .replace('{endpoint:', '{metadata: {filter_metadata: {envoy.lb: {v: a}}}, endpoint:')
      .replace('{name:', '{lb_subset_config: {subset_selectors: [{keys: [v]}]}, name:');
    const files = withEmptyCluster(config(rbac, tcpProxy(target))).replace(
      'clusters: [{name: empty,',
      `clusters: [${subsets}, {name: empty,`,
    );
    expect(trace(files).paths.map(({ disposition, probability }) => `${disposition} ${probability}`)).toEqual(expected);
  });

  // Observed with Envoy 1.40: filters that stand behind RBAC have chosen the cluster before it reads anything.
  test.each([
    ['a.com', 'nowhere', 'denied'],
    ['b.com', 'one', 'no_cluster'],
  ])('sni_cluster behind RBAC: to %s, with %s in the tcp_proxy', (sni, name, disposition) => {
    const rbac = filter('r', 'rbac.v3.RBAC', 'stat_prefix: r, rules: {action: ALLOW}');
    const files = config(rbac, filter('s', 'sni_cluster.v3.SniCluster'), tcpProxy(`cluster: ${name}`));
    expect(onlyPath(trace(files, { transport: 'tls', sni })).disposition).toBe(disposition);
  });

  // Observed with Envoy 1.40, which counts no failed handshake.
  test.each([
    ['nowhere', 'no_cluster'],
    ['empty', 'no_endpoint'],
    ['one', 'tls_error'],
  ])('a tcp_proxy to %s closes before a client without TLS is refused, or not', (name, disposition) => {
    const tls = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';
    const files = config(tcpProxy(`cluster: ${name}`)).replace(
      '{name: c, ',
      `{name: c, transport_socket: {name: t, typed_config: {'@type': ${tls}}}, `,
    );
    expect(onlyPath(trace(withEmptyCluster(files))).disposition).toBe(disposition);
  });

  test('filters that only watch let the connection pass', () => {
    const stats = filter('s', 'wasm.v3.Wasm', 'config: {vm_config: {code: {local: {inline_string: envoy.wasm.stats}}}}');
    expect(
      clusterOf(
        config(
          filter('m', 'mongo_proxy.v3.MongoProxy', 'stat_prefix: m'),
          stats,
          filter('l', 'connection_limit.v3.ConnectionLimit'),
          tcpProxy('cluster: one'),
        ),
      ),
    ).toBe('one');
  });

  test('a local rate limit leaves both outcomes open, unless it is off', () => {
    const limit = (fields: string): string =>
      filter('r', 'local_ratelimit.v3.LocalRateLimit', `stat_prefix: r, token_bucket: {max_tokens: 3, fill_interval: 1s}${fields}`);
    const { paths } = trace(config(limit(''), tcpProxy('cluster: one')));
    expect(paths.map(({ disposition, probability }) => [disposition, probability])).toEqual([
      ['upstream', null],
      ['closed', null],
    ]);
    expect(paths[1]?.response).toMatchObject({ flags: ['URX'], details: 'local_ratelimit_close_over_limit' });
    expect(clusterOf(config(limit(', runtime_enabled: {default_value: false, runtime_key: k}'), tcpProxy('cluster: one')))).toBe('one');
  });

  test('direct_response tells its answer', () => {
    expect(onlyPath(trace(config(filter('d', 'direct_response.v3.Config', 'response: {inline_string: hello}')))).response).toMatchObject({
      body: 'hello',
      details: 'direct_response',
    });
  });
});

describe('the cluster of tcp_proxy', () => {
  test('its own; or by SNI, which wins', () => {
    expect(clusterOf(config(tcpProxy('cluster: one')))).toBe('one');
    expect(clusterOf(config(filter('s', 'sni_cluster.v3.SniCluster'), tcpProxy('cluster: one')), { sni: 'A.com' })).toBe('a.com');
    expect(clusterOf(config(filter('s', 'sni_cluster.v3.SniCluster'), tcpProxy('cluster: one')))).toBe('one');
  });

  test('by filter state, which weighted clusters ignore', () => {
    const state = filter(
      's',
      'set_filter_state.v3.Config',
      "on_new_connection: [{object_key: envoy.tcp_proxy.cluster, format_string: {text_format_source: {inline_string: 'two'}}}]",
    );
    expect(clusterOf(config(state, tcpProxy('cluster: one')))).toBe('two');
    const weighted = trace(config(state, tcpProxy('weighted_clusters: {clusters: [{name: one, weight: 1}]}')));
    expect(hopOf(onlyPath(weighted)).cluster).toBe('one');
    expect(stepsOf(hopOf(onlyPath(weighted)), 'network_filter').at(-1)?.rejected).toMatchObject([
      { candidate: '`two`', because: 'the filter state `envoy.tcp_proxy.cluster` names it, and weighted_clusters win over that' },
    ]);
  });

  // Observed with Envoy 1.40: it asks for an object of its class, which other factories do not make.
  test.each([
    ['envoy.tcp_proxy.cluster', 'two'],
    ['envoy.string', 'one'],
  ])('by filter state, where factory %s has made it: %s', (factory, expected) => {
    const object = `{object_key: envoy.tcp_proxy.cluster, factory_key: ${factory}, format_string: {text_format_source: {inline_string: two}}}`;
    const state = filter('s', 'set_filter_state.v3.Config', `on_new_connection: [${object}]`);
    expect(clusterOf(config(state, tcpProxy('cluster: one')))).toBe(expected);
  });

  test('by weight: a path for each, none for weight 0; a given number decides', () => {
    const weighted = config(
      tcpProxy('weighted_clusters: {clusters: [{name: one, weight: 3}, {name: none, weight: 0}, {name: two, weight: 1}]}'),
    );
    expect(trace(weighted).paths.map((path) => [path.hops[0]?.cluster, path.branches[0]?.probability])).toEqual([
      ['one', 0.75],
      ['two', 0.25],
    ]);
    const drawn = (random: number) => traceOf(weighted, { ...tcp('10.0.0.1:80'), random }).paths.map((path) => path.hops[0]?.cluster);
    expect([drawn(2), drawn(3), drawn(4)]).toEqual([['one'], ['two'], ['one']]);
  });

  test('a cluster that may come on demand is not missing', () => {
    expect(onlyPath(trace(config(tcpProxy('cluster: nope, on_demand: {odcds_config: {ads: {}}}')))).disposition).toBe('insufficient_info');
    expect(onlyPath(trace(config(tcpProxy('cluster: nope')))).disposition).toBe('no_cluster');
  });
});

describe('filter state and tunnels', () => {
  test('a tunnel asks for what its format string says', () => {
    const tunnel = tcpProxy(
      "cluster: one, tunneling_config: {hostname: '%REQUESTED_SERVER_NAME%:443', headers_to_add: [{header: {key: X-To, value: '%DOWNSTREAM_LOCAL_PORT%'}}, {header: {key: x-when, value: '%START_TIME%'}}]}",
    );
    const [, step] = stepsOf(hopOf(onlyPath(trace(config(tunnel), { sni: 'a.com' }))), 'network_filter');
    expect(step?.decision).toBe('the bytes go through a tunnel: CONNECT `a.com:443`');
    expect(step?.because).toContain('`x-when`');
    const unknown = tcpProxy("cluster: one, tunneling_config: {hostname: '%START_TIME%'}");
    expect(onlyPath(trace(config(unknown))).disposition).toBe('insufficient_info');
  });

  test.each([
    ['', 'x-request-id'],
    ['X-Tunnel', 'x-tunnel'],
  ])('a tunnel has a request id whose value nobody knows (request_id_header: %j)', (name, expected) => {
    const id = "{typed_config: {'@type': type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig}}";
    const tunnel = tcpProxy(
      `cluster: one, tunneling_config: {hostname: 'a.com:443', request_id_extension: ${id}, request_id_header: '${name}'}`,
    );
    expect(hopOf(onlyPath(trace(config(tunnel)))).upstream?.tunnel?.unknownHeaders).toEqual([expected]);
  });

  test.each(['OVERWRITE_IF_EXISTS_OR_ADD', '2'])('of two headers of one name the later wins (append_action: %s)', (action) => {
    const header = (value: string) => `{append_action: ${action}, header: {key: x-to, value: ${value}}}`;
    const tunnel = tcpProxy(`cluster: one, tunneling_config: {hostname: 'a.com:443', headers_to_add: [${header('b')}, ${header('c')}]}`);
    expect(hopOf(onlyPath(trace(config(tunnel)))).upstream?.tunnel?.headers).toEqual([['x-to', 'c']]);
  });

  test('what overwrites is written before what is added', () => {
    const headers = '{header: {key: x, value: a}}, {append_action: OVERWRITE_IF_EXISTS_OR_ADD, header: {key: x, value: b}}';
    const tunnel = tcpProxy(`cluster: one, tunneling_config: {hostname: 'a.com:443', headers_to_add: [${headers}]}`);
    expect(hopOf(onlyPath(trace(config(tunnel)))).upstream?.tunnel?.headers).toEqual([
      ['x', 'b'],
      ['x', 'a'],
    ]);
  });

  test('a value that cannot be known is not known later', () => {
    const state = filter(
      's',
      'set_filter_state.v3.Config',
      "on_new_connection: [{object_key: envoy.tcp_proxy.cluster, format_string: {text_format_source: {inline_string: '%HOSTNAME%'}}}]",
    );
    expect(onlyPath(trace(config(state, tcpProxy('cluster: one')))).missing).toEqual([
      'the filter state `envoy.tcp_proxy.cluster`, which names the cluster',
    ]);
  });
});

describe('RBAC', () => {
  const rbac = (action: string, ip: string): string =>
    filter(
      'rbac',
      'rbac.v3.RBAC',
      `stat_prefix: r, rules: {action: ${action}, policies: {p: {permissions: [{any: true}], principals: [{direct_remote_ip: {address_prefix: ${ip}, prefix_len: 32}}]}}}`,
    );

  test('denies before the next filter counts', () => {
    const denied = onlyPath(trace(config(rbac('ALLOW', '10.8.8.8'), tcpProxy('cluster: one'))));
    expect([denied.disposition, denied.response?.details, hopOf(denied).protocol]).toEqual([
      'denied',
      'rbac_access_denied_matched_policy[none]',
      'tcp',
    ]);
    expect(clusterOf(config(rbac('ALLOW', '10.9.9.9'), tcpProxy('cluster: one')))).toBe('one');
    expect(onlyPath(trace(config(rbac('DENY', '10.9.9.9'), tcpProxy('cluster: one')))).disposition).toBe('denied');
  });
});

describe('other protocols are followed where their routes leave no choice', () => {
  const redis = (routes: string): string => config(filter('r', 'redis_proxy.v3.RedisProxy', `stat_prefix: r, prefix_routes: ${routes}`));

  test('redis', () => {
    expect(clusterOf(redis('{catch_all_route: {cluster: one}}'))).toBe('one');
    expect(onlyPath(trace(redis('{routes: [{prefix: a, cluster: two}], catch_all_route: {cluster: one}}'))).disposition).toBe(
      'insufficient_info',
    );
  });

  test('thrift', () => {
    expect(
      clusterOf(
        config(
          filter(
            't',
            'thrift_proxy.v3.ThriftProxy',
            "stat_prefix: t, route_config: {name: r, routes: [{match: {method_name: ''}, route: {cluster: two}}]}",
          ),
        ),
      ),
    ).toBe('two');
  });

  const routed = (type: string, routes: string): string =>
    config(filter('p', type, `stat_prefix: p, route_config: {name: r, routes: ${routes}}`));
  const sip = (routes: string): string => routed('sip_proxy.v3alpha.SipProxy', routes);
  const rocketmq = (routes: string): string => routed('rocketmq_proxy.v3.RocketmqProxy', routes);

  test('sip', () => {
    expect(clusterOf(sip('[{match: {domain: "*"}, route: {cluster: two}}, {match: {domain: a.test}, route: {cluster: one}}]'))).toBe('two');
    const path = onlyPath(trace(sip('[{match: {domain: a.test}, route: {cluster: one}}, {match: {domain: "*"}, route: {cluster: two}}]')));
    expect(path.missing?.[0]).toContain('they lead to `one`, `two`');
  });

  test('rocketmq', () => {
    expect(clusterOf(rocketmq('[{match: {topic: {safe_regex: {regex: ".*"}}}, route: {cluster: two}}]'))).toBe('two');
    expect(
      onlyPath(
        trace(rocketmq('[{match: {topic: {exact: t}}, route: {cluster: one}}, {match: {topic: {exact: u}}, route: {cluster: two}}]')),
      ).disposition,
    ).toBe('insufficient_info');
  });

  test('kafka meshes, whose clusters are Kafka’s own, are named', () => {
    const mesh = config(filter('k', 'kafka_mesh.v3alpha.KafkaMesh', 'forwarding_rules: [{target_cluster: one, topic_prefix: a}]'));
    expect(onlyPath(trace(mesh)).missing?.[0]).toContain('they lead to `one`');
  });
});

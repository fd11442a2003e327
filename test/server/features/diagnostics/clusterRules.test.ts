/** Rules of clusters, TLS, RBAC, and of what dumps tell. */
import { describe, test } from 'vitest';
import { AUTHORITY_PEM, EXPIRED_PEM } from '../../../support/certificates';
import { checkDiagnostic } from '../../../support/check';
import { cluster, listener, TCP_PROXY } from './configurations';

const TYPE = 'type.googleapis.com/envoy';
const endpoint = (address: string): string => `{ endpoint: { address: { socket_address: { address: ${address}, port_value: 80 } } } }`;
const assignment = (...addresses: string[]): string =>
  `{ cluster_name: c, endpoints: [{ lb_endpoints: [${addresses.map(endpoint).join(', ')}] }] }`;

describe('cluster-discovery', () => {
  const check = (body: string): void => checkDiagnostic('cluster-discovery', cluster(body));
  test('a host name in a STATIC cluster', () => check(`    load_assignment: ${assignment('‹|example.com|›')}`));
  test('a host name in a STRICT_DNS cluster', () => check(`    type: STRICT_DNS\n    load_assignment: ${assignment('example.com')}`));
  test('two endpoints of a LOGICAL_DNS cluster', () =>
    check(`    type: LOGICAL_DNS\n    ‹|load_assignment|›: ${assignment('a.com', 'b.com')}`));
  test('EDS settings elsewhere', () => check('    type: STATIC\n    ‹|eds_cluster_config|›: { eds_config: { ads: {} } }'));
  test('an EDS cluster without a source', () => check('    type: EDS\n    ‹|eds_cluster_config|›: { service_name: a }'));
  test('an EDS cluster', () => check('    type: EDS\n    eds_cluster_config: { eds_config: { ads: {} } }'));
  test('endpoints of an ORIGINAL_DST cluster', () =>
    check(`    type: ORIGINAL_DST\n    lb_policy: CLUSTER_PROVIDED\n    ‹|load_assignment|›: ${assignment('1.1.1.1')}`));
});

/** Each asked of `envoy --mode validate`. */
const STRUCT = 'typed_config: { "@type": type.googleapis.com/google.protobuf.Struct, value: {} }';
const OWN = '\n    lb_policy: CLUSTER_PROVIDED';
const kind = (type: string, fields = ''): string =>
  `    cluster_type: { name: x, typed_config: { "@type": ${TYPE}.extensions.clusters.${type}${fields} } }`;
const REVERSE = kind('reverse_connection.v3.ReverseConnectionClusterConfig', ', host_id_format: "%REQ(x)%"');
const ORIGINAL_DST = kind('original_dst.v3.OriginalDstCluster');

describe('the discovery that `cluster_type` names', () => {
  const check = (body: string): void => checkDiagnostic('cluster-discovery', cluster(body));
  const named = (name: string, others: string): void => check(`    cluster_type: { name: envoy.cluster.${name} }\n    ${others}`);
  test('load assignments that the cluster does not take', () => {
    named('original_dst', `‹|load_assignment|›: ${assignment('1.1.1.1')}${OWN}`);
    for (const type of [ORIGINAL_DST, REVERSE]) check(`${type}${OWN}\n    ‹|load_assignment|›: ${assignment('1.1.1.1')}`);
  });
  test('endpoints as they must be', () => {
    named('static', `load_assignment: ${assignment('‹|example.com|›')}`);
    check(`    cluster_type: { name: envoy.cluster.static, ${STRUCT} }\n    load_assignment: ${assignment('‹|example.com|›')}`);
    named('strict_dns', `load_assignment: ${assignment('a.com', 'b.com')}`);
    named('logical_dns', `‹|load_assignment|›: ${assignment('a.com', 'b.com')}`);
  });
  test('EDS is of `type` alone', () => {
    check('    ‹|cluster_type|›: { name: envoy.cluster.eds }');
    check('    ‹|cluster_type|›: { name: envoy.cluster.eds }\n    eds_cluster_config: { eds_config: { ads: {} } }');
    named('static', '‹|eds_cluster_config|›: { eds_config: { ads: {} } }');
  });
  test('the header of ORIGINAL_DST is of `type` alone', () => {
    check(`    type: ORIGINAL_DST${OWN}\n    original_dst_lb_config: { http_header_name: ‹|x-to|› }`);
    named('original_dst', `original_dst_lb_config: { http_header_name: x-to }${OWN}`);
  });
  test('hashes of host names are of `type` alone', () =>
    named('strict_dns', 'common_lb_config: { consistent_hashing_lb_config: { use_hostname_for_hashing: ‹|true|› } }'));
});

describe('who balances', () => {
  const check = (body: string): void => checkDiagnostic('load-balancing', cluster(body));
  const policies = (items: string): string => `\n    load_balancing_policy: { policies: [${items}] }`;
  const policy = (type: string): string =>
    `{ typed_extension_config: { name: p, typed_config: { "@type": ${TYPE}.extensions.load_balancing_policies.${type} } } }`;
  const OWN_POLICY = policies(policy('cluster_provided.v3.ClusterProvided'));
  const OTHER = policy('round_robin.v3.RoundRobin');
  const WRONG = policies(OTHER.replace('typed_extension_config', '‹|$&|›'));
  const AGGREGATE = kind('aggregate.v3.ClusterConfig', ', clusters: [a]');
  const REDIS = '    cluster_type: { name: envoy.clusters.redis }';
  const ORIGINAL_DST_KINDS = [ORIGINAL_DST, REVERSE, '    cluster_type: { name: envoy.cluster.original_dst }', '    type: ORIGINAL_DST'];
  test('ORIGINAL_DST and reverse connections want their own in both places', () => {
    for (const type of ORIGINAL_DST_KINDS) {
      check(`${type}\n    lb_policy: ‹|RANDOM|›${OWN_POLICY}`);
      check(`${type}${OWN}${WRONG}`);
      check(`${type}${OWN}${OWN_POLICY}`);
    }
  });
  test('for an aggregate the policy that is used decides', () => {
    check(`${AGGREGATE}\n    lb_policy: ‹|RANDOM|›`);
    check(`${AGGREGATE}\n    lb_policy: RANDOM${OWN_POLICY}`);
    check(`${AGGREGATE}${OWN}${WRONG}`);
  });
  test('Redis balances where it is asked to', () => {
    check(`${REDIS}${OWN}`);
    check(`${REDIS}\n    lb_policy: MAGLEV`);
    check(`${REDIS}${OWN}${WRONG}`);
    check(`${REDIS}${policies(OTHER)}`);
  });
  test('others have none, whatever names them', () => {
    for (const name of ['static', 'strict_dns', 'logical_dns', 'dns'])
      check(`    cluster_type: { name: envoy.cluster.${name} }\n    lb_policy: ‹|CLUSTER_PROVIDED|›`);
    check(`    cluster_type: { name: envoy.cluster.static, ${STRUCT} }\n    lb_policy: ‹|CLUSTER_PROVIDED|›`);
    check(`    cluster_type: { name: envoy.cluster.static }${OWN}${policies(OTHER)}`);
  });
});

test('a cluster type is found by its name where nothing or a Struct stands beside it', () => {
  for (const name of ['envoy.cluster.static', 'envoy.cluster.dns', 'envoy.clusters.redis']) {
    checkDiagnostic('unknown-extension', cluster(`    cluster_type: { name: ${name} }`));
    checkDiagnostic('wrong-extension', cluster(`    cluster_type: { name: ${name}, ${STRUCT} }`));
  }
  checkDiagnostic('unknown-extension', cluster('    ‹|cluster_type|›: { name: envoy.clusters.dns }'));
  const struct = '{ "@type": ‹|type.googleapis.com/google.protobuf.Struct|›, value: {} }';
  for (const name of ['envoy.clusters.dns', 'envoy.clusters.original_dst', 'x'])
    checkDiagnostic('wrong-extension', cluster(`    cluster_type: { name: ${name}, typed_config: ${struct} }`));
});

test('what a Struct holds is read as the message that the name tells', () => {
  const config = (name: string, value: string): string =>
    cluster(`    cluster_type: { name: ${name}, typed_config: { "@type": type.googleapis.com/google.protobuf.Struct, value: ${value} } }`);
  checkDiagnostic('unknown-field', config('envoy.clusters.redis', '{ ‹|refresh|›: 1s }'));
  checkDiagnostic('wrong-type', config('envoy.clusters.redis', '{ cluster_refresh_rate: ‹|5|› }'));
  checkDiagnostic('invalid-value', config('envoy.clusters.redis', '{ cluster_refresh_rate: ‹|0s|› }'));
  checkDiagnostic('invalid-value', config('envoy.clusters.aggregate', '{ ‹|clusters|›: [] }'));
  checkDiagnostic('unknown-field', config('envoy.cluster.strict_dns', '{ refresh: 1s }'));
});

test('a cluster type is not found through a TypedStruct', () =>
  checkDiagnostic(
    'unknown-extension',
    cluster(
      `    cluster_type: { name: x, typed_config: { "@type": ‹|type.googleapis.com/xds.type.v3.TypedStruct|›, type_url: ${TYPE}.extensions.clusters.original_dst.v3.OriginalDstCluster, value: {} } }`,
    ),
  ));

describe('load-balancing', () => {
  const check = (body: string): void => checkDiagnostic('load-balancing', cluster(body));
  test('ORIGINAL_DST', () => check('    type: original_dst\n    lb_policy: ‹|round_robin|›'));
  test('ORIGINAL_DST as it must be', () => check('    type: ORIGINAL_DST\n    lb_policy: CLUSTER_PROVIDED'));
  test('CLUSTER_PROVIDED by none', () => check('    type: STATIC\n    lb_policy: ‹|CLUSTER_PROVIDED|›'));
  test('the ring', () => {
    check('    lb_policy: RING_HASH\n    ring_hash_lb_config: { minimum_ring_size: ‹|2000|›, maximum_ring_size: 1000 }');
    check('    lb_policy: ROUND_ROBIN\n    ring_hash_lb_config: { minimum_ring_size: 2000, maximum_ring_size: 1000 }');
  });
  test('the table', () => {
    check('    lb_policy: MAGLEV\n    maglev_lb_config: { table_size: ‹|100|› }');
    check('    lb_policy: MAGLEV\n    maglev_lb_config: { table_size: 65537 }');
  });
  test('fallback keys', () => {
    check(
      '    lb_subset_config: { subset_selectors: [{ keys: [a], fallback_policy: KEYS_SUBSET, fallback_keys_subset: ‹|[b]|› }] }'.replace(
        'fallback_keys_subset: ‹|[b]|›',
        '‹|fallback_keys_subset|›: [b]',
      ),
    );
    check('    lb_subset_config: { subset_selectors: [{ keys: [a, b], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [b] }] }');
  });
  test('limits per host', () => check('    circuit_breakers: { per_host_thresholds: [{ max_connections: 1, max_retries: ‹|1|› }] }'));
});

describe('health-check', () => {
  const check = (body: string): void =>
    checkDiagnostic(
      'health-check',
      cluster(`    health_checks: [{ timeout: 1s, interval: 1s, unhealthy_threshold: 1, healthy_threshold: 1, ${body} }]`),
    );
  test('a payload of GET', () => check('http_health_check: { path: /, ‹|send|›: { text: "48" } }'));
  test('a payload of POST', () => check('http_health_check: { path: /, method: POST, send: { text: "48" } }'));
  test('a range of statuses', () =>
    check('http_health_check: { path: /, expected_statuses: [{ ‹|start|›: 200, end: 200 }, { start: 200, end: 300 }] }'));
  test('no hexadecimal text', () => check('tcp_health_check: { send: { text: ‹|4x|› } }'));
  test('gRPC without HTTP/2', () => check('‹|grpc_health_check|›: {}'));
});

test('upstream-protocol', () => {
  const options = (kind: string): string =>
    cluster(
      `    typed_extension_protocol_options: { envoy.extensions.upstreams.http.v3.HttpProtocolOptions: { "@type": ${TYPE}.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: { ${kind}: {} } } }`,
    );
  checkDiagnostic('upstream-protocol', options('‹|http3_protocol_options|›'));
  checkDiagnostic('upstream-protocol', options('http2_protocol_options'));
});

test('http2-settings', () => {
  checkDiagnostic(
    'http2-settings',
    cluster('    http2_protocol_options: { hpack_table_size: 5, custom_settings_parameters: [{ ‹|identifier|›: 1, value: 5 }] }'),
  );
  checkDiagnostic('http2-settings', cluster('    http2_protocol_options: { custom_settings_parameters: [{ identifier: 9, value: 5 }] }'));
});

test('ip-range', () =>
  checkDiagnostic(
    'ip-range',
    listener(
      `    filter_chains: [{ filter_chain_match: { prefix_ranges: [{ address_prefix: 10.0.0.0, prefix_len: 8 }] }, filters: [${TCP_PROXY}] }]`,
    ),
  ));

test('local-cluster', () => {
  checkDiagnostic('local-cluster', 'static_resources: { clusters: [{ name: a }] }\ncluster_manager: { local_cluster_name: ‹|nowhere|› }');
  checkDiagnostic('local-cluster', 'static_resources: { clusters: [{ name: a }] }\ncluster_manager: { local_cluster_name: a }');
});

test('bind-config', () => {
  checkDiagnostic('bind-config', cluster('    upstream_bind_config: { source_address: { address: ‹|eth0|›, port_value: 0 } }'));
  checkDiagnostic('bind-config', cluster('    upstream_bind_config: { source_address: { address: 1.1.1.1, port_value: 0 } }'));
});

test('missing-node', () => {
  const given = (sources: string, node = '‹|node|›: { id: n }'): string =>
    `${node}\nstatic_resources: { clusters: [{ name: a }] }\n${sources}`;
  const api = (type: string): string => `{ api_type: ${type}, grpc_services: [{ envoy_grpc: { cluster_name: a } }] }`;
  checkDiagnostic('missing-node', given(`dynamic_resources: { ads_config: ${api('GRPC')} }`));
  checkDiagnostic('missing-node', given(`dynamic_resources: { ads_config: ${api('GRPC')} }`, 'node: { id: n, cluster: k }'));
  checkDiagnostic('missing-node', given(`dynamic_resources: { cds_config: { path_config_source: { path: a.yaml } } }`));
  // Listeners are asked for when Envoy runs.
  checkDiagnostic('missing-node', given(`dynamic_resources: { lds_config: { path_config_source: { path: a.yaml } } }`, 'node: {}'));
  checkDiagnostic('missing-node', given('', 'node: {}'));
});

describe('what a static cluster wants by ADS before ADS is there', () => {
  const TLS = (source: string) =>
    `transport_socket: { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: { tls_certificate_sds_secret_configs: [{ name: s, sds_config: { ${source} } }] } } }`;
  const config = (cluster: string) =>
    `node: { id: n, cluster: k }\nstatic_resources: { clusters: [{ name: x }, { name: c, ${cluster} }] }\ndynamic_resources: { ads_config: { api_type: GRPC, grpc_services: [{ envoy_grpc: { cluster_name: x } }] } }`;
  const endpoint = (address: string) =>
    `load_assignment: { cluster_name: c, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: ${address}, port_value: 1 } } } }] }] }`;
  const DFP =
    'lb_policy: CLUSTER_PROVIDED, cluster_type: { name: d, typed_config: { "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig, dns_cache_config: { name: d } } }';
  const ADS = TLS('‹|ads|›: {}');
  test.each([
    `type: STATIC, ${ADS}`,
    `type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, ${ADS}`,
    `${DFP}, ${ADS}`,
    `type: EDS, eds_cluster_config: { eds_config: { path_config_source: { path: a.yaml } } }, ${ADS}`,
    `type: STRICT_DNS, ${endpoint('10.0.0.1')}, ${ADS}`,
    `type: STATIC, transport_socket_matches: [{ name: m, ${ADS} }]`,
    'type: STATIC, filters: [{ name: f, config_discovery: { type_urls: [type.googleapis.com/google.protobuf.Empty], config_source: { ‹|ads|›: {} } } }]',
    `type: STATIC, ${TLS('api_config_source: { api_type: GRPC, grpc_services: [{ envoy_grpc: { cluster_name: x } }] }')}`,
    `type: STRICT_DNS, ${endpoint('a.example')}, ${TLS('ads: {}')}`,
    `type: EDS, eds_cluster_config: { eds_config: { ads: {} } }, ${TLS('ads: {}')}`,
  ])('%s', (cluster) => checkDiagnostic('config-source-cluster', config(cluster)));
});

test('config-source-cluster', () => {
  const ads = (name: string): string =>
    `node: { id: n, cluster: k }\nstatic_resources: { clusters: [{ name: a }] }\ndynamic_resources: { ads_config: { api_type: GRPC, grpc_services: [{ envoy_grpc: { cluster_name: ${name} } }] } }`;
  checkDiagnostic('config-source-cluster', ads('‹|b|›'));
  checkDiagnostic('config-source-cluster', ads('a'));
  const eds = (source: string): string =>
    `node: { id: n, cluster: k }\nstatic_resources: { clusters: [{ name: a }, { name: b, type: EDS, eds_cluster_config: { eds_config: { api_config_source: ${source} } } }] }`;
  checkDiagnostic('config-source-cluster', eds('{ api_type: ‹|AGGREGATED_GRPC|›, grpc_services: [{ envoy_grpc: { cluster_name: a } }] }'));
  checkDiagnostic('config-source-cluster', eds('{ api_type: REST, cluster_names: [a], refresh_delay: 1s }'));
  checkDiagnostic(
    'config-source-cluster',
    eds('{ api_type: REST, refresh_delay: 1s, ‹|grpc_services|›: [{ envoy_grpc: { cluster_name: a } }] }'),
  );
});

describe('cluster-endpoints', () => {
  test('none', () => checkDiagnostic('cluster-endpoints', 'static_resources: { clusters: [{ name: ‹|a|›, type: STATIC }] }'));
  test('one', () => checkDiagnostic('cluster-endpoints', cluster(`    load_assignment: ${assignment('1.1.1.1')}`)));
  test('none that is healthy', () =>
    checkDiagnostic(
      'cluster-endpoints',
      cluster(`    load_assignment: ${assignment('1.1.1.1').replace('{ endpoint:', '{ health_status: UNHEALTHY, endpoint:')}`).replace(
        'name: c',
        'name: ‹|c|›',
      ),
    ));
  test('EDS that no file lists', () =>
    checkDiagnostic('cluster-endpoints', cluster('    type: EDS\n    eds_cluster_config: { eds_config: { ads: {} } }')));
});

describe('tls-certificates', () => {
  const tls = (context: string): string =>
    listener(
      `    filter_chains: [{ transport_socket: { name: t, typed_config: { "@type": ${TYPE}.extensions.transport_sockets.tls.v3.DownstreamTlsContext, common_tls_context: ${context} } }, filters: [${TCP_PROXY}] }]`,
    );
  test('no PEM', () =>
    checkDiagnostic(
      'tls-certificates',
      tls('{ tls_certificates: [{ certificate_chain: { inline_string: ‹|invalid|› }, private_key: { filename: k } }] }'),
    ));
  test('what a secret holds is not judged', () =>
    checkDiagnostic('tls-certificates', '{"name": "s", "tls_certificate": {"certificate_chain": {"inline_string": "invalid"}}}'));
  test('from files', () =>
    checkDiagnostic(
      'tls-certificates',
      tls('{ tls_certificates: [{ certificate_chain: { filename: c }, private_key: { filename: k } }] }'),
    ));
  const secret = (configs: string, ca: string): string => `static_resources:
  secrets: [{ name: ca, validation_context: { ${ca} } }]
  clusters: [{ name: a, type: STATIC, transport_socket: { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: { ${configs} } } } }]`;
  const names = 'match_typed_subject_alt_names: [{ san_type: DNS, matcher: { exact: a } }]';
  test('a secret that is used', () =>
    checkDiagnostic(
      'tls-certificates',
      secret('validation_context_sds_secret_config: { name: ca }', names.replace('match_typed_subject_alt_names', '‹|$&|›')),
    ));
  test('one that nobody uses', () => checkDiagnostic('tls-certificates', secret('', names)));
  test('one of that name that is delivered', () =>
    checkDiagnostic('tls-certificates', secret('validation_context_sds_secret_config: { name: ca, sds_config: { ads: {} } }', names)));
  test('the text of one, while another is still to come', () =>
    checkDiagnostic(
      'tls-certificates',
      secret(
        'tls_certificate_sds_secret_configs: [{ name: x, sds_config: { ads: {} } }], validation_context_sds_secret_config: { name: ca }',
        'trusted_ca: { inline_string: none }',
      ),
    ));
  test('none at all', () => checkDiagnostic('tls-certificates', tls('{}').replace('common_tls_context', '‹|common_tls_context|›')));
  test('a revocation list without a CA', () =>
    checkDiagnostic(
      'tls-certificates',
      tls(
        '{ tls_certificate_sds_secret_configs: [{ name: s, sds_config: { ads: {} } }], validation_context: { ‹|crl|›: { filename: x } } }',
      ),
    ));
});

describe('expired-certificate', () => {
  const secret = (pem: string): string => `{"name": "s", "tls_certificate": {"certificate_chain": {"inline_string": ${pem}}}}`;
  test('expired', () => checkDiagnostic('expired-certificate', secret(`‹|${JSON.stringify(EXPIRED_PEM)}|›`)));
  test('valid', () => checkDiagnostic('expired-certificate', secret(JSON.stringify(AUTHORITY_PEM))));
});

test('plain-text-secret', () => {
  checkDiagnostic('plain-text-secret', '{"name": "s", "tls_certificate": {"private_key": {"inline_string": ‹|"abc"|›}}}');
  checkDiagnostic('plain-text-secret', '{"name": "s", "tls_certificate": {"private_key": {"filename": "abc"}}}');
});

describe('rbac-rules', () => {
  const rbac = (permission: string, layer = 'network'): string =>
    `name: r\ntyped_config: { "@type": ${TYPE}.extensions.filters.${layer}.rbac.v3.RBAC, ${layer === 'network' ? 'stat_prefix: r, ' : ''}rules: { policies: { p: { permissions: [${permission}], principals: [{ any: true }] } } } }`;
  const inChain = (filter: string): string =>
    listener(`    filter_chains:\n    - filters:\n      - ${filter.replace('\n', '\n        ')}\n      - ${TCP_PROXY}`);
  test('a header in a network filter', () =>
    checkDiagnostic('rbac-rules', inChain(rbac('{ not_rule: { ‹|header|›: { name: x, present_match: true } } }'))));
  test('an empty range of ports', () =>
    checkDiagnostic('rbac-rules', inChain(rbac('{ ‹|destination_port_range|›: { start: 80, end: 80 } }'))));
  test('a range of one port', () => checkDiagnostic('rbac-rules', inChain(rbac('{ destination_port_range: { start: 80, end: 81 } }'))));
});

describe('dumps', () => {
  const dump = (section: string, body: string): string => `{"configs": [{"@type": "${TYPE}.admin.v3.${section}", ${body}}]}`;
  test('a refused listener', () =>
    checkDiagnostic(
      'rejected-resource',
      dump(
        'ListenersConfigDump',
        '"dynamic_listeners": [{"name": "l", ‹|"error_state"|›: {"details": "no such thing", "failed_configuration": {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "l"}}}]',
      ),
    ));
  test('a warming cluster', () =>
    checkDiagnostic(
      'warming-resource',
      dump(
        'ClustersConfigDump',
        `"dynamic_warming_clusters": [{"cluster": {"@type": "${TYPE}.config.cluster.v3.Cluster", "name": ‹|"w"|›}}]`,
      ),
    ));
  test('an active one', () => {
    const active = dump(
      'ClustersConfigDump',
      `"dynamic_active_clusters": [{"cluster": {"@type": "${TYPE}.config.cluster.v3.Cluster", "name": "a"}}]`,
    );
    checkDiagnostic('warming-resource', active);
    checkDiagnostic('rejected-resource', active);
  });
});

/** Rules of the API's descriptors: names, types, values, what must be set. */
import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { checkDiagnostic } from '../../../support/check';
import { readFixture, snapshotOf } from '../../../support/fixture';
import { cluster, listener } from './configurations';

function severitiesOf(source: string, code: string): string[] {
  const fixture = readFixture(source);
  const snapshot = snapshotOf(fixture);
  return fixture.files
    .flatMap(({ uri }) => collectDiagnostics(snapshot, uri))
    .flatMap((problem) => (problem.code === code ? [problem.severity] : []));
}

describe('wrong-type', () => {
  const check = (body: string): void => checkDiagnostic('wrong-type', cluster(body));
  test('a number where a text belongs', () => check('    alt_stat_name: ‹|123|›'));
  test('a boolean word where a text belongs', () => check('    alt_stat_name: ‹|on|›'));
  test('quotes make it a text', () => check('    alt_stat_name: "123"'));
  test('Envoy keeps fractions and large numbers as texts', () => check('    alt_stat_name: 1.5\n    type: "0"'));
  test('a duration without its unit', () => check('    connect_timeout: ‹|5|›'));
  test('a duration in milliseconds', () => check('    connect_timeout: ‹|5ms|›'));
  test('a duration as a message, and an integer as a text', () =>
    check('    connect_timeout: { seconds: 5 }\n    per_connection_buffer_limit_bytes: "5"'));
  test('a fraction where an integer belongs', () => check('    per_connection_buffer_limit_bytes: ‹|5.5|›'));
  test('a list where an object belongs', () => check('    ‹|common_lb_config|›: []'));
  test('one value in place of a list', () =>
    check('    health_checks: { timeout: 1s, interval: 1s, unhealthy_threshold: 1, healthy_threshold: 1, tcp_health_check: {} }'));
  test('words for booleans', () => check('    ignore_health_on_host_removal: yes'));
  test('a number for a boolean', () => check('    ignore_health_on_host_removal: ‹|1|›'));
  test('a wrapper as the message that it is', () => {
    check('    http2_protocol_options: { max_concurrent_streams: { value: 5 } }');
    check('    http2_protocol_options: { ‹|max_concurrent_streams|›: { value: x } }');
    check('    ring_hash_lb_config: { ‹|minimum_ring_size|›: { value: -1 } }');
  });
  describe('integers of 64 bits, to the last digit', () => {
    const start = (value: string): string =>
      `{"name": "r", "virtual_hosts": [{"name": "v", "domains": ["*"], "routes": [{"match": {"prefix": "/", "headers": [{"name": "a", "range_match": {"start": ${value}, "end": 5}}]}, "direct_response": {"status": 200}}]}]}`;
    const release = (value: string): string => `{"static_resources": {}, "memory_allocator_manager": {"bytes_to_release": ${value}}}`;
    test('with a sign', () => {
      for (const fine of ['9223372036854775807', '"9223372036854775807"', '-9223372036854775808', '9007199254740992.0', '"1e3"'])
        checkDiagnostic('wrong-type', start(fine));
      for (const wrong of ['9223372036854775808', '"9223372036854775808"', '-9223372036854775809', '9007199254740994.0', '1e16', '-9e18'])
        checkDiagnostic('wrong-type', start(`‹|${wrong}|›`));
    });
    test('without one', () => {
      for (const fine of ['18446744073709551615', '"18446744073709551615"', '-0']) checkDiagnostic('wrong-type', release(fine));
      for (const wrong of ['18446744073709551616', '-1', '9e18']) checkDiagnostic('wrong-type', release(`‹|${wrong}|›`));
    });
    test('in YAML', () => {
      const yaml = (value: string): string => `static_resources: {}\nmemory_allocator_manager: { bytes_to_release: ${value} }\n`;
      checkDiagnostic('wrong-type', yaml('18446744073709551615'));
      checkDiagnostic('wrong-type', yaml('‹|18446744073709551616|›'));
    });
  });
  test('JSON is strict', () => checkDiagnostic('wrong-type', '{"static_resources": {"clusters": [{"name": ‹|1.5|›}]}}'));
});

describe('unknown-field', () => {
  test('a slip', () => checkDiagnostic('unknown-field', cluster('    ‹|conect_timeout|›: 1s')));
  test('a tab as indentation is what is wrong, not the key behind it', () => {
    const listener = (indentation: string): string => `static_resources:\n  listeners:\n  - name: l\n${indentation}: {}\n`;
    checkDiagnostic('unknown-field', listener('\taddress'));
    checkDiagnostic('unknown-field', listener('‹|address|›'));
  });
  test('either spelling', () => checkDiagnostic('unknown-field', cluster('    connectTimeout: 1s\n    alt_stat_name: x')));
  test('free keys of a struct', () =>
    checkDiagnostic('unknown-field', cluster('    metadata: { filter_metadata: { a: { any: thing } } }')));
  test.each([
    [
      'a field of what stands beside it',
      '    health_checks: [{}]\n    tcp_health_check: {}',
      'It is a field of what stands in "health_checks".',
    ],
    [
      'a field of the message around it',
      '    common_lb_config: { lb_policy: RANDOM }',
      'It is a field of the Cluster around this: look at the indentation.',
    ],
    ['a field of a message that is not there', '    healthy_panic_threshold: {}', 'It is a field of "common_lb_config", which is missing.'],
    ['the beginning of one field alone', '    dns_lookup: V4_ONLY', 'Did you mean "dns_lookup_family"?'],
  ])('says where the key belongs: %s', (_, body, words) => {
    const fixture = readFixture(cluster(body));
    const messages = fixture.files.flatMap(({ uri }) => collectDiagnostics(snapshotOf(fixture), uri)).map(({ message }) => message);
    expect(messages.filter((message) => message.includes('has no field'))).toEqual([expect.stringContaining(words)]);
  });
  test('what Envoy ignores by its tag', () => checkDiagnostic('unknown-field', '!ignore anything: &a { x: 1 }\nstatic_resources: {}'));
  test('inside typed configuration', () =>
    checkDiagnostic(
      'unknown-field',
      cluster(
        '    transport_socket: { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, ‹|snii|›: x } }',
      ),
    ));
  test('a warning in what xDS delivers', () =>
    expect(
      severitiesOf('resources:\n- "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster\n  name: a\n  nope: 1', 'unknown-field'),
    ).toEqual(['warning']));
  test('a file that is not ours', () =>
    checkDiagnostic('unknown-field', '{"name": "pkg", "type": "module", "version": "1", "scripts": {}, "license": "x"}'));
});

describe('unknown-type', () => {
  const socket = (type: string): string => cluster(`    transport_socket: { name: t, typed_config: { "@type": ${type} } }`);
  test('a slip', () =>
    checkDiagnostic('unknown-type', socket('‹|type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContxt|›')));
  test('a name without a host', () =>
    checkDiagnostic('unknown-type', socket('‹|envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext|›')));
  test('of another vendor', () => checkDiagnostic('unknown-type', socket('‹|type.googleapis.com/acme.filters.v1.Socket|›')));
  test('none', () => checkDiagnostic('unknown-type', cluster('    transport_socket: { name: t, ‹|typed_config|›: { sni: a } }')));
  test('of the old API', () => {
    checkDiagnostic('unknown-type', socket('‹|type.googleapis.com/envoy.api.v2.auth.UpstreamTlsContext|›'));
    checkDiagnostic(
      'unknown-type',
      'name: l\nfilter_chains: [{ transport_socket: { name: t, typed_config: { "@type": type.googleapis.com/envoy.api.v2.auth.DownstreamTlsContext } } }]',
    );
  });
  test('a known one', () =>
    checkDiagnostic('unknown-type', socket('type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext')));
});

describe('unknown-enum-value', () => {
  test('a slip', () => checkDiagnostic('unknown-enum-value', cluster('    lb_policy: ‹|ROUNDROBIN|›')));
  test('case does not matter in mixed names either', () => {
    const check = (code: string): void =>
      checkDiagnostic(
        'unknown-enum-value',
        `name: f\ntyped_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz, status_on_error: { code: ${code} } }`,
      );
    check('notfound');
    check('‹|notfond|›');
  });
  test('case does not matter, numbers are allowed', () =>
    checkDiagnostic('unknown-enum-value', cluster('    lb_policy: round_robin\n    type: 1')));
});

describe('conflicting-fields', () => {
  test('two of a oneof', () =>
    checkDiagnostic('conflicting-fields', cluster('    type: STATIC\n    ‹|cluster_type|›: { name: envoy.cluster.static }')));
  test('a key twice in what has any keys, in JSON alone', () => {
    checkDiagnostic('conflicting-fields', '//- a.json\n{"static_resources": {}, "node": {"metadata": {"b": {"a": 1, ‹|"a"|›: 2}}}}');
    checkDiagnostic('conflicting-fields', 'static_resources: {}\nnode: { metadata: { a: 1, a: 2 } }\n');
  });
  test('null counts as unset', () => checkDiagnostic('conflicting-fields', cluster('    type: STATIC\n    cluster_type: null')));
});

describe('missing-field', () => {
  test('a required field and a required choice', () => {
    checkDiagnostic(
      'missing-field',
      cluster('    health_checks:\n    - ‹|timeout|›: 1s\n      interval: 1s\n      unhealthy_threshold: 1\n      tcp_health_check: {}'),
    );
    checkDiagnostic('missing-field', 'name: r\nvirtual_hosts:\n- name: v\n  domains: ["*"]\n  routes:\n  - ‹|match|›: { prefix: / }');
  });
  test('nothing is missing where the file leaves something out', () =>
    checkDiagnostic(
      'missing-field',
      '{"name": "r", "virtual_hosts": [{"name": "v", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, ...}]}]}',
    ));
  test('not in what a running proxy has told', () =>
    checkDiagnostic(
      'missing-field',
      '{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "static_clusters": [{"cluster": {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster"}}]}]}',
    ));
});

describe('invalid-value', () => {
  test('out of range', () => checkDiagnostic('invalid-value', cluster('    connect_timeout: ‹|0s|›')));
  test('a negative duration', () => checkDiagnostic('invalid-value', cluster('    cleanup_interval: ‹|-5s|›')));
  test('too long', () => checkDiagnostic('invalid-value', listener('    default_filter_chain: { filters: [{ name: ‹|""|› }] }')));
  test('within range', () => checkDiagnostic('invalid-value', cluster('    connect_timeout: 0.25s\n    cleanup_interval: 5s')));
});

describe('removed-field and deprecated-field', () => {
  test('a field of v2', () => checkDiagnostic('removed-field', cluster('    ‹|hosts|›: []')));
  test('a deprecated field', () => checkDiagnostic('deprecated-field', cluster('    ‹|http2_protocol_options|›: {}')));
  test('a field of today', () => {
    checkDiagnostic('removed-field', cluster('    type: STATIC'));
    checkDiagnostic('deprecated-field', cluster('    type: STATIC'));
  });
});

describe('a field that was pasted without the message around it', () => {
  const codesOf = (source: string): string[] => {
    const fixture = readFixture(source);
    return collectDiagnostics(snapshotOf(fixture), 'config.yaml').map(({ code }) => code);
  };
  test.each([
    'outlier_detection: { consecutive_5xx: 5 }\n',
    'endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: /a } } } }] }]\n',
    'filter_chain_match: { server_names: [a.example] }\n',
    'filter_chains: [{ filters: [{ name: a, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo } }] }]\n',
  ])('lacks nothing: %s', (source) => expect(codesOf(source)).toEqual([]));
  test('what is wrong in it is told', () => expect(codesOf('outlier_detection: { interval: 5 }\n')).toEqual(['wrong-type']));
  test('of two fields the message is looked at', () =>
    expect(codesOf('outlier_detection: {}\nlb_policy: RANDOM\n')).toContain('missing-field'));
});

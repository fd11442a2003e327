/** Empty, numeric and nested values where Envoy 1.40 judges otherwise than one would think: each case was asked of `envoy --mode validate`. */
import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import { checkDiagnostic } from '../../../support/check';
import { cluster, listener, route, TCP_PROXY, virtualHost } from './configurations';

const TYPE = 'type.googleapis.com/envoy.extensions';
const manager = (fields: string): string =>
  listener(
    `    filter_chains: [{ filters: [{ name: h, typed_config: { "@type": ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, ${fields} } }] }]`,
  );

describe('lists in a list are read as one', () => {
  const chain = `{ filters: [${TCP_PROXY}] }`;
  test('empty ones hold no filter chain', () => checkDiagnostic('filter-chain-match', listener(`    filter_chains: [[], ${chain}, []]`)));
  test('nor does a listener have one then', () =>
    checkDiagnostic('listener-chains', listener('    filter_chains: [[]]').replace('- name', '- ‹|name|›')));
  test('what stands in them is compared', () =>
    checkDiagnostic(
      'duplicate-name',
      '\nstatic_resources:\n  clusters: [[{ name: c }], { ‹|name|›: c }]'.replace('‹|name|›: c', 'name: ‹|c|›'),
    ));
});

describe('names that are empty', () => {
  const requirement = (text: string): string =>
    manager(
      `http_filters: [{ name: j, typed_config: { "@type": ${TYPE}.filters.http.jwt_authn.v3.JwtAuthentication, providers: { p: {} }, rules: [{ match: { prefix: / }, requires: ${text} }] } }]`,
    );
  test('of a JWT provider', () =>
    checkDiagnostic('extension-settings', requirement('{ requires_any: { requirements: [{ provider_name: ‹|""|› }] } }')));
  test('of none, which is allowed', () => checkDiagnostic('extension-settings', requirement('{ provider_name: p }')));
  const names = (domain: string): string =>
    virtualHost(
      `  matcher: { matcher_tree: { input: { name: i, typed_config: { "@type": type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: x } }, custom_match: { name: m, typed_config: { "@type": type.googleapis.com/xds.type.matcher.v3.ServerNameMatcher, domain_matchers: [{ domains: [${domain}] }] } } } }`,
    );
  test('of a server', () => checkDiagnostic('server-name-matcher', names('‹|""|›')));
  const discovered = (url: string): string =>
    manager(`http_filters: [{ name: q, config_discovery: { config_source: { ads: {} }, type_urls: [${url}] } }]`);
  test('of a type', () => checkDiagnostic('discovered-extension', discovered('‹|""|›')));
});

test('the types of a discovered network filter are not looked at', () =>
  checkDiagnostic(
    'discovered-extension',
    listener('    filter_chains: [{ filters: [{ name: f, config_discovery: { config_source: { ads: {} }, type_urls: [x] } }] }]'),
  ));

describe('an OID', () => {
  const name = (oid: string): string =>
    cluster(
      `    transport_socket: { name: t, typed_config: { "@type": ${TYPE}.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: { validation_context: { trusted_ca: { filename: a }, match_typed_subject_alt_names: [{ san_type: OTHER_NAME, oid: ${oid}, matcher: { exact: x } }] } } } }`,
    );
  test.each(['1.2', '1.39', '2.999.1', '0.39', '1.3.6.1.4.1.311.20.2.3', 'CN', 'C', 'msUPN'])('%s', (oid) =>
    checkDiagnostic('tls-certificates', name(`"${oid}"`)),
  );
  test.each(['1', '1.40', '3.1', '1.02', '1..2', '1.2.99999999999999999999', 'x', ' ', '%A%', '1.2.a'])('%s is none', (oid) =>
    checkDiagnostic('tls-certificates', name(`‹|"${oid}"|›`)),
  );
});

describe('base64', () => {
  const body = (text: string): string => route(`direct_response: { status: 200, body: { inline_bytes: ${text} } }`);
  test.each(['', 'YQ', 'YQ==', 'YWI', 'YWI=', 'YWJj', '-_+/'])('%s', (text) => checkDiagnostic('wrong-type', body(`"${text}"`)));
  test.each(['YQ=', 'YQ===', 'YWJj=', '=', 'Y Q==', 'YQ== ', 'YQ==\\n', 'a'])('%s is none', (text) =>
    checkDiagnostic('wrong-type', body(`‹|"${text}"|›`)),
  );
});

test.each(['0', '"0"', 'DEPRECATED_AND_UNAVAILABLE_DO_NOT_USE'])('a value that is refused is so by its number, too: %s', (version) =>
  checkDiagnostic(
    'removed-field',
    manager(
      `tracing: { provider: { name: z, typed_config: { "@type": type.googleapis.com/envoy.config.trace.v3.ZipkinConfig, collector_cluster: c, collector_endpoint: /, collector_endpoint_version: ‹|${version}|› } } }`,
    )
      .replace('collector_endpoint_version: ‹|', '‹|collector_endpoint_version|›: ')
      .replace(`${version}|›`, version),
  ),
);

test('values of a network filter’s descriptors are format strings', () => {
  const limit = (value: string): string =>
    listener(
      `    filter_chains: [{ filters: [{ name: x, typed_config: { "@type": ${TYPE}.filters.network.ratelimit.v3.RateLimit, stat_prefix: s, domain: d, descriptors: [{ entries: [{ key: a, value: ${value} }] }] } }] }]`,
    );
  checkDiagnostic('format-string', limit('‹|"%A%"|›'));
  checkDiagnostic('format-string', limit('"%PROTOCOL%"'));
});

test('an overload action of any name scales timers by its settings', () => {
  const codes = (settings: string): string[] => {
    const text = `static_resources: {}\noverload_manager: { actions: [{ name: x, ${settings} }] }\n`;
    return collectDiagnostics(buildSnapshot([{ uri: 'a.yaml', text }]), 'a.yaml').flatMap(({ code }) =>
      code === 'overload-manager' ? [code] : [],
    );
  };
  expect(codes('triggers: []')).toEqual(['overload-manager']);
  expect(codes('typed_config: { "@type": type.googleapis.com/envoy.config.overload.v3.ScaleTimersOverloadActionConfig }')).toEqual([]);
});

test('a sink of statistics over TCP names a cluster', () =>
  checkDiagnostic(
    'extension-settings',
    `
static_resources: {}
stats_sinks: [{ name: s, typed_config: { "@type": type.googleapis.com/envoy.config.metrics.v3.StatsdSink, tcp_cluster_name: ‹|""|› } }]
`,
  ));

test('a list of empty lists gives nothing', () => {
  const tags = (list: string): string =>
    manager(`http_filters: [{ name: i, KEY: { "@type": ${TYPE}.filters.http.ip_tagging.v3.IPTagging, ip_tags: ${list} } }]`);
  checkDiagnostic('extension-settings', tags('[[{ ip_tag_name: a }]]').replace('KEY', 'typed_config'));
  checkDiagnostic('extension-settings', tags('[[]]').replace('KEY', '‹|typed_config|›'));
});

test('a wrapper in an Any holds a value of its type', () => {
  const value = (text: string): string =>
    listener(
      `    filter_chain_matcher: { on_no_match: { action: { name: a, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: ${text} } } } }`,
    );
  checkDiagnostic('wrong-type', value('‹|8080|›'));
  checkDiagnostic('wrong-type', value('"8080"'));
});

test('the address to which OAuth leads back is a format string', () =>
  checkDiagnostic(
    'format-string',
    manager(
      `http_filters: [{ name: o, typed_config: { "@type": ${TYPE}.filters.http.oauth2.v3.OAuth2, config: { redirect_uri: ‹|"https://%A%/"|› } } }]`,
    ),
  ));

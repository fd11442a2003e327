import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkHover, hoverText } from '../../../support/check';
import { AUTHORITY_PEM, EXPIRED_PEM, LEAF_PEM } from '../../../support/certificates';

const MANAGER = (format: string) => `static_resources:
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: h
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: h
          access_log:
          - name: f
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: /dev/stdout
              log_format: { text_format_source: { inline_string: "${format}" } }
`;

describe('command operators', () => {
  test('the one under the cursor', () => {
    checkHover(MANAGER('[%START<|>_TIME%] %REQ(:METHOD)%'), '`%START_TIME%`', 'When the request');
    checkHover(MANAGER('[%START_TIME%] %REQ(:ME<|>THOD)%'), '`%REQ(:METHOD)%`', 'request header `:METHOD`');
  });
  test('parameters with percent signs and a length', () => {
    checkHover(MANAGER('%START_TIME(%Y-%m<|>-%d)%'), 'written as `%Y-%m-%d`');
    checkHover(MANAGER('%REQ(X-A?X<|>-B):12%'), 'or `X-B` where that is not set', 'Cut after 12 characters');
  });
  test('names put together', () => {
    checkHover(MANAGER('%DOWNSTREAM_PEER<|>_URI_SAN%'), "SPIFFE ids) of the client's certificate");
    checkHover(MANAGER('%UPSTREAM_TLS<|>_VERSION%'), 'TLS version of the connection to the upstream host');
  });
  test('metadata', () => checkHover(MANAGER('%DYNAMIC_META<|>DATA(ns:a:b)%'), 'namespace `ns`, key `a` › `b`'));
  test('between operators, and unknown ones: nothing of theirs', () => {
    expect(hoverText(MANAGER('%PROTOCOL% <|> x %DURATION%')) ?? '').not.toContain('Command operator');
    expect(hoverText(MANAGER('%NO_SU<|>CH%')) ?? '').not.toContain('Command operator');
  });
});

describe('names that Istio makes, in any text', () => {
  const IN = (text: string) => `static_resources: { clusters: [{ name: c, alt_stat_name: "${text}" }] }`;
  test('SPIFFE ids', () => checkHover(IN('spiffe://cluster.local/ns/shop/sa/cart<|>'), 'Service account `cart` in namespace `shop`'));
  test('cluster names, also as SNI', () => {
    checkHover(IN('x outbound|80|v1|a.b.svc<|>'), 'service a\\.b\\.svc, port 80, subset v1');
    checkHover(IN('outbound_.80_._.a<|>.b.svc'), 'service a\\.b\\.svc, port 80');
  });
  test('the one under the cursor of several', () => {
    const text = hoverText(IN('spiffe://td/ns/a/sa/one,spiffe://td/ns/b/sa/tw<|>o')) ?? '';
    expect(text).toContain('`two`');
    expect(text).not.toContain('`one`');
  });
});

describe('secrets', () => {
  const REFERENCE = (name: string) =>
    `static_resources: { clusters: [{ name: c, transport_socket: { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: { tls_certificate_sds_secret_configs: [{ name: "${name}", sds_config: { ads: {} } }] } } } }] }`;
  test.each([
    ['def<|>ault', "own certificate and key, from Istio's agent"],
    ['ROOT<|>CA', 'root certificates'],
    ['kubernetes://web-<|>cert', 'certificate and key of the Kubernetes secret web'],
    ['kubernetes://shop/web<|>-cacert', 'trusted certificates of the Kubernetes secret web in namespace shop'],
    ['file-cert:/a/cert.pem~/a/k<|>ey.pem', 'certificate in the file'],
  ])('what %s means', (name, words) => expect((hoverText(REFERENCE(name)) ?? '').replace(/\\/g, '')).toContain(words));

  afterEach(() => {
    vi.useRealTimers();
  });
  const SECRET = (field: string, pem: string, name = 'web') =>
    `{"name": "${name}", "${field}": ${field === 'tls_certificate' ? `{"certificate_chain": {"inline_bytes": "${btoa(pem)}"}, "private_key": {"inline_string": "THE-KEY"}}` : `{"trusted_ca": {"inline_string": ${JSON.stringify(pem)}}}`}}`;

  test('the certificate, decoded; not the key', () => {
    vi.useFakeTimers({ now: new Date('2027-01-01T00:00:00Z') });
    const text = hoverText(SECRET('tls_certificate', LEAF_PEM, 'we<|>b')) ?? '';
    expect(text).toContain('Names: `spiffe://cluster.local/ns/default/sa/sleep`');
    expect(text).toContain('Valid from 2026-11-21 to 2027-11-21: expires in 324 days');
    expect(text).not.toContain('THE-KEY');
    expect(text).not.toContain('BEGIN');
  });
  test('on its text itself, in either form', () => {
    checkHover(SECRET('tls_certificate', LEAF_PEM).replace('"LS0t', '"LS<|>0t'), '**Certificate**');
    checkHover(
      SECRET('validation_context', AUTHORITY_PEM).replace('BEGIN', 'BE<|>GIN'),
      'Certificate of an authority',
      'Shop root',
      'Issuer: itself',
    );
  });
  test('one that has expired', () => {
    vi.useFakeTimers({ now: new Date('2020-01-05T00:00:00Z') });
    checkHover(SECRET('validation_context', EXPIRED_PEM).replace('BEGIN', 'BE<|>GIN'), 'CN=old', '**expired** 3 days ago');
  });
  test('a private key tells nothing', () =>
    expect(hoverText(SECRET('tls_certificate', LEAF_PEM).replace('THE-KEY', 'THE<|>-KEY')) ?? '').not.toContain('Certificate'));
});

test('an Istio resource: what became of it', () =>
  checkHover(
    `//- dump.json
{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump", "dynamic_route_configs": [{"route_config":
  {"@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", "name": "80", "virtual_hosts": [{"name": "v", "domains": ["*"], "routes": [
    {"match": {"prefix": "/"}, "metadata": {"filter_metadata": {"istio": {"config": "/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews"}}}}]}]}}]}]}
//- istio.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: rev<|>iews
`,
    '**VirtualService** `default/reviews`',
    'route configuration `80` in `dump.json`',
  ));

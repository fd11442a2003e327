/** What a configuration sets says where it is read. */
import { expect, test } from 'vitest';
import { checkHover, hoverText } from '../../../support/check';

const manager = (key: string, asked: string, format: string) => `layered_runtime:
  layers: [{ name: a, static_layer: { shop: { share: 5, other: 1 } } }]
static_resources:
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: h
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: h
          access_log:
          - name: log
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: /dev/stdout
              log_format: { text_format_source: { inline_string: "${format}" } }
          route_config:
            name: local
            request_headers_to_add: [{ header: { key: ${key}, value: a } }]
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes:
              - match: { prefix: /, headers: [{ name: ${asked} }], runtime_fraction: { default_value: { numerator: 1 }, runtime_key: shop.share } }
                direct_response: { status: 200 }
`;

test('a header, by conditions and by operators, each line once', () =>
  checkHover(manager('x-us<|>er', 'X-User', '%REQ(x-user)% %REQ(x-user)%'), '**Header** `x-user`, read in [line 17](', '), [line 25]('));
test('a runtime key', () =>
  checkHover(manager('x', 'y', '').replace('share: 5', 'sha<|>re: 5'), '**Runtime** `shop.share`, read in [line 25]('));
test('what nobody reads says only what its field is', () => {
  expect(hoverText(manager('x-us<|>er', 'x-team', '%REQ(x-team)%'))).not.toContain('read in');
  expect(hoverText(manager('x', 'y', '').replace('other: 1', 'oth<|>er: 1'))).toBeUndefined();
});

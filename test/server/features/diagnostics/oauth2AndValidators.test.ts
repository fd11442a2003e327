/** OAuth2's headers, and header validators (each asked of `envoy --mode validate`). */
import { describe, test } from 'vitest';
import { checkDiagnostic } from '../../../support/check';
import { cluster, listener } from './configurations';

const TYPE = 'type.googleapis.com/envoy.extensions';
const MANAGER = `"@type": ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h`;
const manager = (fields: string): string =>
  listener(`    filter_chains: [{ filters: [{ name: h, typed_config: { ${MANAGER}, ${fields} } }] }]`);

describe('who has the header `authorization`', () => {
  const login = (fields: string): void =>
    checkDiagnostic(
      'extension-settings',
      manager(`http_filters: [{ name: o, typed_config: { "@type": ${TYPE}.filters.http.oauth2.v3.OAuth2, config: { ${fields} } } }]`),
    );
  test('one at most', () => {
    login('forward_bearer_token: true, preserve_authorization_header: ‹|true|›');
    login('forward_bearer_token: true, forward_id_token: { header: ‹|Authorization|› }');
    login('forward_id_token: { header: authorization }, preserve_authorization_header: ‹|true|›');
    login('forward_id_token: { header: authorization }, forward_bearer_token: false');
    login('forward_id_token: { header: x-id }, forward_bearer_token: true');
  });
  test('the ID token in a header that may not be changed', () => {
    login('forward_id_token: { header: ‹|Host|› }');
    login('forward_id_token: { header: ‹|":path"|› }');
  });
  test('the ID token in a header that lets requests pass', () => {
    login('forward_id_token: { header: X-Id }, pass_through_matcher: [{ ‹|name|›: x-id, present_match: true }]');
    login('forward_id_token: { header: x-id }, pass_through_matcher: [{ name: x-other, present_match: true }]');
  });
});

describe('header validators', () => {
  const VALIDATOR = `{ name: v, typed_config: { "@type": ${TYPE}.http.header_validators.envoy_default.v3.HeaderValidatorConfig } }`;
  test('of a connection manager', () => checkDiagnostic('extension-settings', manager(`‹|typed_header_validation_config|›: ${VALIDATOR}`)));
  test('of a cluster', () =>
    checkDiagnostic(
      'extension-settings',
      cluster(
        `    typed_extension_protocol_options: { envoy.extensions.upstreams.http.v3.HttpProtocolOptions: { "@type": ${TYPE}.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: { http_protocol_options: {} }, ‹|header_validation_config|›: ${VALIDATOR} } }`,
      ),
    ));
});

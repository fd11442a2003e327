/** Certificates of clients over QUIC: each case was asked of `envoy --mode validate`. */
import { describe, test } from 'vitest';
import { checkDiagnostic } from '../../../support/check';
import { listener } from './configurations';

describe('certificates of clients over QUIC', () => {
  const quic = (validation: string): string =>
    listener(`    filter_chains:
    - transport_socket:
        name: q
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport
          downstream_tls_context:
            require_client_certificate: true
            common_tls_context: { tls_certificates: [{ certificate_chain: { filename: a }, private_key: { filename: b } }]${validation} }`);
  const refused = (text: string): string => text.replace('certificate: true', 'certificate: ‹|true|›');
  test.each(['', ', validation_context: {}', ', validation_context: { system_root_certs: {} }'])('nobody to trust%s', (validation) =>
    checkDiagnostic('quic-listener', refused(quic(validation))),
  );
  test.each([
    ', validation_context: { trusted_ca: { filename: c } }',
    ', validation_context: { trust_chain_verification: ACCEPT_UNTRUSTED }',
    ', validation_context_sds_secret_config: { name: s, sds_config: { ads: {} } }',
  ])('taken%s', (validation) => checkDiagnostic('quic-listener', quic(validation)));
});

describe('early data over QUIC', () => {
  const quic = (fields: string, validation = ''): string =>
    listener(`    filter_chains:
    - transport_socket:
        name: q
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport
          downstream_tls_context:
            common_tls_context: { tls_certificates: [{ certificate_chain: { filename: a }, private_key: { filename: b } }]${validation} }
          ${fields}`);
  const TRUST = ', validation_context: { trusted_ca: { filename: c } }';
  const SECRET = ', validation_context_sds_secret_config: { name: s, sds_config: { ads: {} } }';
  test('resumption is off', () => checkDiagnostic('quic-listener', quic('enable_resumption: ‹|false|›')));
  test('resumption is off, and clients are verified', () => checkDiagnostic('quic-listener', quic('enable_resumption: false', TRUST)));
  test('early data is on, and clients are verified', () => checkDiagnostic('quic-listener', quic('enable_early_data: ‹|true|›', TRUST)));
  test('early data is on, and they will be', () => checkDiagnostic('quic-listener', quic('enable_early_data: true', SECRET)));
  test('both are off', () => checkDiagnostic('quic-listener', quic('enable_early_data: false\n          enable_resumption: false')));
});

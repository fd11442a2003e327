/** What a chain's transport socket makes of the client's bytes. */
import { describe, expect, test } from 'vitest';
import { hopOf, onlyPath, stepsOf, tcp, traceOf } from '../support/traceOf';

const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';
const ECHO = "filters: [{name: e, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}]";

const config = (socket: string): string =>
  `static_resources: {listeners: [{name: l, address: {socket_address: {address: 0.0.0.0, port_value: 443}}, filter_chains: [{name: c, ${socket === '' ? '' : `transport_socket: ${socket}, `}${ECHO}}]}]}`;
const tls = (fields: string): string => config(`{name: tls, typed_config: {'@type': ${TLS}, ${fields}}}`);

const trace = (files: string, more: Parameters<typeof tcp>[1]) => onlyPath(traceOf(files, tcp('10.0.0.1:443', more)));
const reason = (files: string, more: Parameters<typeof tcp>[1]): string | undefined =>
  stepsOf(hopOf(trace(files, more)), 'transport_socket')[0]?.because;

const CA = 'validation_context: {trusted_ca: {filename: ca.pem}}';
const ALICE = 'spiffe://cluster.local/ns/default/sa/alice';

describe('TLS', () => {
  test('a plaintext client fails', () => {
    expect(trace(tls('common_tls_context: {}'), {}).disposition).toBe('tls_error');
    expect(reason(tls('common_tls_context: {}'), {})).toBe('the chain expects TLS, and the client speaks plaintext');
  });

  test('a required certificate must be there', () => {
    const required = tls(`require_client_certificate: true, common_tls_context: {${CA}}`);
    expect(trace(required, { sni: 'a' }).disposition).toBe('tls_error');
    expect(trace(required, { sni: 'a', peerPrincipals: [ALICE] }).disposition).toBe('closed');
  });

  test('a certificate that nobody asks for is not presented', () => {
    expect(reason(tls('common_tls_context: {}'), { peerPrincipals: [ALICE] })).toContain('no client certificate is asked for');
    expect(reason(tls(`common_tls_context: {${CA}}`), { peerPrincipals: [ALICE] })).toContain(`the client is \`${ALICE}\``);
    const shown = (context: string): readonly string[] | undefined =>
      hopOf(trace(context, { peerPrincipals: [ALICE] })).downstream.principals;
    expect(shown(tls('common_tls_context: {}'))).toBeUndefined();
    expect(shown(tls(`common_tls_context: {${CA}}`))).toEqual([ALICE]);
  });

  test('names that the chain does not accept', () => {
    const picky = tls(
      `common_tls_context: {validation_context: {trusted_ca: {filename: ca.pem}, match_typed_subject_alt_names: [{san_type: URI, matcher: {prefix: 'spiffe://other/'}}]}}`,
    );
    expect(trace(picky, { peerPrincipals: [ALICE] }).disposition).toBe('tls_error');
    expect(trace(picky, { peerPrincipals: ['spiffe://other/x'] }).disposition).toBe('closed');
    expect(trace(picky, { sni: 'a' }).disposition).toBe('tls_error');
    const lenient = picky.replace('validation_context: {', 'validation_context: {trust_chain_verification: ACCEPT_UNTRUSTED, ');
    expect(trace(lenient, { peerPrincipals: [ALICE] }).disposition).toBe('closed');
    expect(trace(lenient, { sni: 'a' }).disposition).toBe('closed');
  });

  test('names that only a DNS entry could fit are not known', () => {
    const dns = tls(
      "common_tls_context: {validation_context: {trusted_ca: {filename: ca.pem}, match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: 'a.test'}}]}}",
    );
    expect(trace(dns, { peerPrincipals: [ALICE] }).disposition).toBe('insufficient_info');
    expect(trace(dns, { sni: 'a' }).disposition).toBe('tls_error');
  });

  test('without a CA a demanded certificate is not demanded, as Envoy 1.40 does', () => {
    expect(trace(tls('require_client_certificate: true, common_tls_context: {}'), { sni: 'a' }).disposition).toBe('closed');
    const pinned = tls("common_tls_context: {validation_context: {verify_certificate_hash: ['00']}}");
    expect(trace(pinned, { sni: 'a' }).disposition).toBe('tls_error');
  });

  test('the protocol is the first of the server that the client offers', () => {
    const both = tls('common_tls_context: {alpn_protocols: [h2, http/1.1]}');
    expect(reason(both, { alpn: ['http/1.1', 'h2'], sni: 'a' })).toContain('the application protocol is `h2`');
    expect(reason(both, { alpn: ['istio'], sni: 'a' })).toContain('no application protocol is agreed on');
  });

  test('the old field tls_context, a wrapper, a name without a type', () => {
    const old = config('').replace('filters:', `tls_context: {require_client_certificate: true, common_tls_context: {${CA}}}, filters:`);
    expect(trace(old, { sni: 'a' }).disposition).toBe('tls_error');
    const tap = config(
      `{name: tap, typed_config: {'@type': type.googleapis.com/envoy.extensions.transport_sockets.tap.v3.Tap, transport_socket: {name: tls, typed_config: {'@type': ${TLS}}}}}`,
    );
    expect(trace(tap, {}).disposition).toBe('tls_error');
    expect(trace(config('{name: envoy.transport_sockets.tls}'), {}).disposition).toBe('tls_error');
    expect(trace(config('{name: envoy.transport_sockets.raw_buffer}'), {}).disposition).toBe('closed');
  });
});

describe('no TLS', () => {
  test("the client's TLS passes through", () => {
    const path = trace(config(''), { sni: 'a' });
    expect(path.disposition).toBe('closed');
    expect(stepsOf(hopOf(path), 'transport_socket')[0]?.decision).toBe("the client's TLS is not terminated");
  });

  test('a transport socket of unknown kind is not guessed', () => {
    expect(trace(config("{name: x, typed_config: {'@type': type.googleapis.com/acme.Socket}}"), {}).missing).toEqual([
      'what the transport socket `acme.Socket` does',
    ]);
  });
});

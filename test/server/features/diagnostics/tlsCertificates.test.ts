/** What certificates must be for Envoy to use them; they are made here and now. */
import 'reflect-metadata';
import { Extension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { webcrypto } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import { LEAF_PEM } from '../../../support/certificates';

const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.';

/** Messages of the errors of one TLS context, of a server or of a client. */
function refusals(side: 'Downstream' | 'Upstream', context: object): string[] {
  const uri = 'test:/tls.json';
  const text = JSON.stringify({ name: 'tls', typed_config: { '@type': `${TLS}${side}TlsContext`, ...context } });
  return collectDiagnostics(buildSnapshot([{ uri, text }]), uri)
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);
}

const inline = (text: string): object => ({ inline_string: text });
const ELLIPTIC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) };

interface Wanted {
  /** Of an RSA key; else it is an elliptic one. */
  readonly bits?: number;
  readonly name?: string;
  readonly extensions?: Extension[];
}

/** A chain with its key. */
async function makePair({ bits, name = 'CN=web', extensions = [] }: Wanted = {}): Promise<object> {
  const algorithm = bits === undefined ? ELLIPTIC : { ...RSA, modulusLength: bits };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name, keys, signingAlgorithm: algorithm, extensions },
    webcrypto as Crypto,
  );
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    certificate_chain: inline(certificate.toString('pem')),
    private_key: inline(`-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`),
  };
}

const served = (certificate: object, more: object = {}): object => ({ common_tls_context: { tls_certificates: [certificate] }, ...more });
const validated = (validation: object, more: object = {}): object => ({ common_tls_context: { validation_context: validation }, ...more });

describe('a certificate of a server', () => {
  test('with a name and a key of 2048 bits is fine', async () =>
    expect(refusals('Downstream', served(await makePair({ bits: 2048 })))).toEqual([]));
  test('with a shorter key', async () => {
    const short = await makePair({ bits: 1024 });
    for (const side of ['Downstream', 'Upstream'] as const)
      expect(refusals(side, served(short))).toEqual([expect.stringContaining('1024')]);
  });
  test('without any name is refused of a server alone', async () => {
    const nameless = await makePair({ name: 'O=Shop' });
    expect(refusals('Downstream', served(nameless))).toEqual([expect.stringContaining('neither a subject CN nor SAN')]);
    expect(refusals('Upstream', served(nameless))).toEqual([]);
    const alternative = await makePair({
      name: 'O=Shop',
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'web' }])],
    });
    expect(refusals('Downstream', served(alternative))).toEqual([]);
  });
  test('that must be stapled', async () => {
    const feature = new Extension('1.3.6.1.5.5.7.1.24', false, new Uint8Array([0x30, 3, 2, 1, 5]));
    expect(refusals('Downstream', served(await makePair({ extensions: [feature] })))).toEqual([expect.stringContaining('must-staple')]);
    expect(refusals('Downstream', served(await makePair(), { ocsp_staple_policy: 'MUST_STAPLE' }))).toEqual([
      expect.stringContaining('ocsp_staple_policy'),
    ]);
    expect(refusals('Downstream', served(await makePair(), { ocsp_staple_policy: 'STRICT_STAPLING' }))).toEqual([]);
  });
  test('with a staple, or PKCS #12, that is none', async () => {
    expect(refusals('Downstream', served({ ...(await makePair()), ocsp_staple: { inline_bytes: 'eA==' } }))).toHaveLength(1);
    expect(refusals('Downstream', served({ pkcs12: { inline_bytes: 'eA==' } }))).toHaveLength(1);
    expect(refusals('Downstream', served({ pkcs12: { inline_bytes: 'MAA=' } }))).toEqual([]);
  });
  test('whose key is encrypted, empty, or held by a provider', async () => {
    const pair = await makePair();
    const encrypted = inline('-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n');
    expect(refusals('Downstream', served({ ...pair, private_key: encrypted }))).toEqual([expect.stringContaining('"password"')]);
    expect(refusals('Downstream', served({ ...pair, private_key: encrypted, password: inline('x') }))).toEqual([]);
    expect(refusals('Downstream', served({ ...pair, private_key: inline('') }))).toEqual([
      expect.stringContaining('incomplete private key'),
    ]);
    expect(refusals('Downstream', served({ ...pair, certificate_chain: inline('') }))).toEqual([
      expect.stringContaining('incomplete certificate'),
    ]);
    const provider = (name: string): object => ({ ...pair, private_key_provider: { provider_name: name, typed_config: {} } });
    expect(refusals('Downstream', served(provider('none')))).toEqual([expect.stringContaining('private key provider "none"')]);
    expect(refusals('Downstream', served(provider('qat')))).toEqual([]);
  });
});

describe('what is trusted', () => {
  test('an empty CA', () =>
    expect(refusals('Upstream', validated({ trusted_ca: inline('') }))).toEqual([expect.stringContaining('cannot be empty')]));
  test('a text that was cut off', () => {
    const missing = [expect.stringContaining('has no end')];
    expect(refusals('Upstream', validated({ trusted_ca: inline(LEAF_PEM.slice(0, 300)) }))).toEqual(missing);
    expect(refusals('Upstream', validated({ trusted_ca: inline(LEAF_PEM + LEAF_PEM.slice(0, 300)) }))).toEqual(missing);
    expect(refusals('Upstream', validated({ trusted_ca: inline(`# mine\n${LEAF_PEM}`) }))).toEqual([]);
  });
  test('an empty list of revocations needs no CA', () => {
    expect(refusals('Upstream', validated({ crl: inline('') }))).toEqual([]);
    expect(refusals('Upstream', validated({ crl: inline('x') }))).toEqual([expect.stringContaining('without a trusted CA')]);
  });
  test('names checked without a CA', () => {
    const demand = { auto_sni_san_validation: true };
    expect(refusals('Upstream', validated({}, demand))).toEqual([expect.stringContaining('auto_sni_san_validation')]);
    expect(refusals('Upstream', validated({ system_root_certs: {} }, demand))).toHaveLength(1);
    expect(refusals('Upstream', validated({ trusted_ca: inline(LEAF_PEM) }, demand))).toEqual([]);
  });
});

test('ALPN that does not fit, and a policy without a name', () => {
  const common = (fields: object): object => ({ common_tls_context: fields });
  expect(refusals('Upstream', common({ alpn_protocols: Array.from({ length: 270 }, () => 'a'.repeat(250)) }))).toHaveLength(1);
  expect(refusals('Upstream', common({ tls_params: { compliance_policies: [5] } }))).toEqual([expect.stringContaining('policy: 5')]);
  expect(refusals('Upstream', common({ tls_params: { compliance_policies: ['FIPS_202205'] } }))).toEqual([]);
});

describe('PKCS #12', () => {
  const given = (pkcs12: object): string[] => refusals('Upstream', { common_tls_context: { tls_certificates: [{ pkcs12 }] } });
  test('as a text', () => expect(given({ inline_string: 'abc' })).toEqual([expect.stringContaining('PKCS #12 is binary')]));
  test('empty', () => expect(given({ inline_bytes: '' })).toEqual([expect.stringContaining('it is empty')]));
  test('as a file', () => expect(given({ filename: 'a.p12' })).toEqual([]));
});

describe('certificates on demand', () => {
  const selector = {
    name: 's',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.cert_selectors.on_demand_secret.v3.Config',
      config_source: { ads: {} },
      certificate_mapper: {
        name: 'm',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.cert_mappers.static_name.v3.StaticName',
          name: 'web',
        },
      },
    },
  };
  const common_tls_context = { custom_tls_certificate_selector: selector };
  const off = { disable_stateless_session_resumption: true, disable_stateful_session_resumption: true };
  test('with resumed sessions', () => {
    expect(refusals('Downstream', { common_tls_context })).toEqual([expect.stringContaining('do not go with resumed sessions')]);
    expect(refusals('Downstream', { common_tls_context, disable_stateless_session_resumption: true })).toEqual([
      expect.stringContaining(': "disable_stateful_session_resumption" must be true'),
    ]);
  });
  test('without', () => expect(refusals('Downstream', { common_tls_context, ...off })).toEqual([]));
  test('of a client', () => expect(refusals('Upstream', { common_tls_context })).toEqual([]));
});

/** Whether a private key belongs to a certificate; the keys are made here and now. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isKeyOf } from '../../../../server/src/features/diagnostics/rules/security/keyPair';
import { checkDiagnostic } from '../../../support/check';
import { LEAF_PEM } from '../../../support/certificates';
import { cluster } from './configurations';

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** What stands in a certificate of that key, as far as it is looked at. */
function certificateOf({ publicKey }: Pair): string {
  const body = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

const rsa = (): Pair => generateKeyPairSync('rsa', { modulusLength: 2048 });
const elliptic = (namedCurve: string): Pair => generateKeyPairSync('ec', { namedCurve });
const pem = ({ privateKey }: Pair, type: 'pkcs8' | 'pkcs1' | 'sec1'): string => String(privateKey.export({ type, format: 'pem' }));

describe('isKeyOf', () => {
  test('RSA, in both forms', () => {
    const [own, other] = [rsa(), rsa()];
    for (const form of ['pkcs8', 'pkcs1'] as const) {
      expect(isKeyOf(pem(own, form), certificateOf(own))).toBe(true);
      expect(isKeyOf(pem(own, form), certificateOf(other))).toBe(false);
    }
  });
  test.each(['prime256v1', 'secp384r1', 'secp521r1'])('%s, in both forms', (curve) => {
    const [own, other] = [elliptic(curve), elliptic(curve)];
    for (const form of ['pkcs8', 'sec1'] as const) {
      expect(isKeyOf(pem(own, form), certificateOf(own))).toBe(true);
      expect(isKeyOf(pem(own, form), certificateOf(other))).toBe(false);
    }
  });
  test('of other kinds nothing is said', () => {
    expect(isKeyOf(pem(generateKeyPairSync('ed25519'), 'pkcs8'), LEAF_PEM)).toBeUndefined();
    expect(isKeyOf('', LEAF_PEM)).toBeUndefined();
    expect(isKeyOf(pem(rsa(), 'pkcs8'), 'no certificate')).toBeUndefined();
  });
});

test('the key of another certificate', () => {
  const certificate = `{ certificate_chain: { inline_string: ${JSON.stringify(LEAF_PEM)} }, ‹|private_key|›: { inline_string: ${JSON.stringify(pem(elliptic('prime256v1'), 'pkcs8'))} } }`;
  checkDiagnostic(
    'tls-certificates',
    cluster(
      `    transport_socket: { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: { tls_certificates: [${certificate}] } } }`,
    ),
  );
});

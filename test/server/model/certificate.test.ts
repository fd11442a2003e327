import { describe, expect, test } from 'vitest';
import { readCertificates } from '../../../server/src/model/certificate';
import { AUTHORITY_PEM, LEAF_PEM } from '../../support/certificates';

describe('certificates of a PEM text', () => {
  test('names of every kind, and until when', () => {
    const [authority] = readCertificates(AUTHORITY_PEM);
    expect(authority).toMatchObject({
      subject: 'O=Shop\\, Inc., CN=Shop root',
      issuer: 'O=Shop\\, Inc., CN=Shop root',
      commonName: 'Shop root',
      dns: ['web.shop', '*.shop'],
      ips: ['10.0.0.1'],
      emails: ['ops@shop'],
      uris: [],
      isAuthority: true,
    });
    expect(authority?.notBefore.toISOString().slice(0, 10)).toBe('2026-11-21');
  });
  test('no subject, a SPIFFE id', () =>
    expect(readCertificates(LEAF_PEM)).toMatchObject([
      { subject: '', commonName: '', uris: ['spiffe://cluster.local/ns/default/sa/sleep'], isAuthority: false },
    ]));
  test('a chain, in its order, other blocks left out', () => {
    const text = `${LEAF_PEM}-----BEGIN EC PARAMETERS-----\nAAAA\n-----END EC PARAMETERS-----\n${AUTHORITY_PEM}`;
    expect(readCertificates(text).map(({ commonName }) => commonName)).toEqual(['', 'Shop root']);
    expect(readCertificates(text, 1)).toHaveLength(1);
  });
  test('what is none is left out', () => {
    expect(readCertificates('')).toEqual([]);
    expect(readCertificates('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toEqual([]);
    expect(readCertificates('-----BEGIN CERTIFICATE-----\n'.repeat(20_000))).toEqual([]);
  });
});

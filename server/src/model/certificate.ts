/** What certificates say of themselves: whose they are, by whom, until when. Read by @peculiar/x509, which needs the polyfill first. */
import 'reflect-metadata';
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509Certificate, type GeneralName } from '@peculiar/x509';

export interface Certificate {
  /** Example: `O=Shop, CN=web`; '' where it is empty, as Istio leaves it. */
  readonly subject: string;
  readonly issuer: string;
  /** '' where there is none. */
  readonly commonName: string;
  /** Hexadecimal. */
  readonly serialNumber: string;
  /** Example: `spiffe://cluster.local/ns/default/sa/sleep` */
  readonly uris: readonly string[];
  readonly dns: readonly string[];
  readonly ips: readonly string[];
  readonly emails: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** It may sign others. */
  readonly isAuthority: boolean;
  readonly publicKey: PublicKey;
  /** SubjectPublicKeyInfo in DER (RFC 5280, 4.1). */
  readonly publicKeyInfo: Uint8Array;
  /** Clients expect a stapled OCSP response with it (RFC 7633). */
  readonly mustStaple: boolean;
}

/** The size of an RSA key in bits, and the curve of an elliptic one as the library calls it (`P-256`); other kinds by their kind alone. */
export type PublicKey =
  | { readonly kind: 'RSA'; readonly bits: number }
  | { readonly kind: 'EC'; readonly curve: string | undefined }
  | { readonly kind: 'other' };

/** RFC 7633: the TLS features that the certificate demands. */
const TLS_FEATURE = '1.3.6.1.5.5.7.1.24';
/** RFC 5480: an elliptic key on a curve that the library has no name for. */
const EC_KEY = '1.2.840.10045.2.1';

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----/g;

/** A certificate takes milliseconds to read, and stands in a dump again and again. */
const known = new Map<string, Certificate | undefined>();
const MAX_KNOWN = 1_000;

/** The certificates of a PEM text in their order, `limit` of them at most; what cannot be read is left out. Keys are never looked at. */
export function readCertificates(pem: string, limit = 200): Certificate[] {
  const found: Certificate[] = [];
  for (const [, body = ''] of pem.matchAll(PEM)) {
    if (found.length >= limit) break;
    const certificate = readOnce(body.replace(/\s+/g, ''));
    if (certificate) found.push(certificate);
  }
  return found;
}

function readOnce(base64: string): Certificate | undefined {
  if (known.has(base64)) return known.get(base64);
  if (known.size >= MAX_KNOWN) known.clear();
  const certificate = read(base64);
  known.set(base64, certificate);
  return certificate;
}

function read(base64: string): Certificate | undefined {
  try {
    const certificate = new X509Certificate(base64);
    const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
    const namesOf = (wanted: GeneralName['type']) => names.filter(({ type }) => type === wanted).map(({ value }) => value);
    return {
      subject: certificate.subject,
      issuer: certificate.issuer,
      commonName: certificate.subjectName.getField('CN')[0] ?? '',
      serialNumber: certificate.serialNumber,
      uris: namesOf('url'),
      dns: namesOf('dns'),
      ips: namesOf('ip'),
      emails: namesOf('email'),
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      isAuthority: certificate.getExtension(BasicConstraintsExtension)?.ca ?? false,
      publicKey: publicKeyOf(certificate),
      publicKeyInfo: new Uint8Array(certificate.publicKey.rawData),
      mustStaple: certificate.getExtension(TLS_FEATURE) !== null,
    };
  } catch {
    // The library throws on what is no certificate; to us that is data.
    return undefined;
  }
}

function publicKeyOf({ publicKey: { algorithm } }: X509Certificate): PublicKey {
  if ('modulusLength' in algorithm && typeof algorithm.modulusLength === 'number') return { kind: 'RSA', bits: algorithm.modulusLength };
  if (algorithm.name !== 'ECDSA' && algorithm.name !== EC_KEY) return { kind: 'other' };
  return { kind: 'EC', curve: 'namedCurve' in algorithm && typeof algorithm.namedCurve === 'string' ? algorithm.namedCurve : undefined };
}

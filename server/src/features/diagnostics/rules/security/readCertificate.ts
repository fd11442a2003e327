/** Until when a certificate is valid, and whose it is, read straight from the DER (RFC 5280, 4.1). */
import { asciiText, childrenOf, decodeBase64, elementAt } from '../../../../model/subjectAltNames';

export interface CertificateFacts {
  /** The common name, '' where there is none. */
  readonly name: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const SEQUENCE = 0x30;
const VERSION = 0xa0;
const GENERALIZED_TIME = 0x18;
/** 2.5.4.3 as the DER of an object identifier. */
const COMMON_NAME = [0x06, 0x03, 0x55, 0x04, 0x03];

/** Reads one PEM certificate; undefined when it cannot be read. */
export function readCertificate(pem: string): CertificateFacts | undefined {
  const bytes = decodeBase64(pem.replace(/-----[A-Z ]+-----/g, ''));
  const certificate = bytes && elementAt(bytes, 0, bytes.length);
  const body = bytes && certificate?.tag === SEQUENCE ? elementAt(bytes, certificate.start, certificate.end) : undefined;
  if (!bytes || body?.tag !== SEQUENCE) return undefined;
  // [version], serial number, signature, issuer, validity, subject
  const fields = childrenOf(bytes, body).filter(({ tag }) => tag !== VERSION);
  const [validity, subject] = fields.slice(3, 5);
  if (validity?.tag !== SEQUENCE || !subject) return undefined;
  const [notBefore, notAfter] = childrenOf(bytes, validity).map(({ tag, start, end }) => readTime(asciiText(bytes.subarray(start, end)), tag));
  if (!notBefore || !notAfter) return undefined;
  return { name: commonNameOf(bytes.subarray(subject.start, subject.end)), notBefore, notAfter };
}

/** `YYMMDDHHMMSSZ` (years from 1950 to 2049) or `YYYYMMDDHHMMSSZ`. */
function readTime(text: string, tag: number): Date | undefined {
  const match = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/.exec(text);
  if (!match) return undefined;
  const [, years = '', month, day, hour, minute, second = '00'] = match;
  const year = tag === GENERALIZED_TIME ? Number(years) : Number(years) + (Number(years) < 50 ? 2000 : 1900);
  return new Date(Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)));
}

function commonNameOf(subject: Uint8Array): string {
  for (let at = 0; at + COMMON_NAME.length < subject.length; at++) {
    if (!COMMON_NAME.every((byte, index) => subject[at + index] === byte)) continue;
    const value = elementAt(subject, at + COMMON_NAME.length, subject.length);
    return value ? asciiText(subject.subarray(value.start, value.end)) : '';
  }
  return '';
}

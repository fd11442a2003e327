/** The names in a certificate: the URI and DNS entries of its subjectAltName extension (RFC 5280, 4.2.1.6), read straight from the DER. */

export interface CertificateNames {
  /** Example: `spiffe://cluster.local/ns/default/sa/sleep` */
  readonly uris: readonly string[];
  readonly dns: readonly string[];
}

const NO_NAMES: CertificateNames = { uris: [], dns: [] };

/** Reads the first certificate of a PEM text; undefined when there is none that can be read. */
export function namesOfPem(pem: string): CertificateNames | undefined {
  const match = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----/.exec(pem);
  const bytes = match?.[1] === undefined ? undefined : decodeBase64(match[1]);
  return bytes && namesOfDer(bytes);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 (standard or url-safe, white space ignored) as bytes; undefined when it is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const letters = text
    .replace(/[\s=]+/g, '')
    .replace(/-/g, '+')
    .replace(/_/g, '/');
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let bits = 0;
  let count = 0;
  let size = 0;
  for (const letter of letters) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[size++] = (bits >> count) & 0xff;
  }
  return bytes;
}

/** IA5String: one byte a character. */
export function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

const SEQUENCE = 0x30;
const OCTET_STRING = 0x04;
const EXTENSIONS = 0xa3;
const URI_NAME = 0x86;
const DNS_NAME = 0x82;
/** 2.5.29.17 as the DER of an object identifier. */
const SUBJECT_ALT_NAME = [0x06, 0x03, 0x55, 0x1d, 0x11];

/** Certificate → tbsCertificate → [3] extensions → subjectAltName → names. */
function namesOfDer(bytes: Uint8Array): CertificateNames | undefined {
  const certificate = elementAt(bytes, 0, bytes.length);
  const body = certificate?.tag === SEQUENCE ? elementAt(bytes, certificate.start, certificate.end) : undefined;
  if (body?.tag !== SEQUENCE) return undefined;
  const holder = childrenOf(bytes, body).find(({ tag }) => tag === EXTENSIONS);
  const list = holder && elementAt(bytes, holder.start, holder.end);
  if (!list) return NO_NAMES;
  const extension = childrenOf(bytes, list).find(({ start }) => SUBJECT_ALT_NAME.every((byte, index) => bytes[start + index] === byte));
  const value = extension && childrenOf(bytes, extension).find(({ tag }) => tag === OCTET_STRING);
  const names = value && elementAt(bytes, value.start, value.end);
  if (!names) return NO_NAMES;
  const entries = childrenOf(bytes, names);
  const textsOf = (wanted: number): string[] =>
    entries.filter(({ tag }) => tag === wanted).map(({ start, end }) => asciiText(bytes.subarray(start, end)));
  return { uris: textsOf(URI_NAME), dns: textsOf(DNS_NAME) };
}

export function childrenOf(bytes: Uint8Array, { start, end }: Element): Element[] {
  const children: Element[] = [];
  for (let at = start; at < end;) {
    const child = elementAt(bytes, at, end);
    if (!child) break;
    children.push(child);
    at = child.end;
  }
  return children;
}

/** Tag, length, value; undefined where the length does not fit. */
export function elementAt(bytes: Uint8Array, at: number, limit: number): Element | undefined {
  const tag = bytes[at];
  let length = bytes[at + 1];
  if (tag === undefined || length === undefined) return undefined;
  let start = at + 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count === 0 || count > 4) return undefined;
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[start + index] ?? 0);
    start += count;
  }
  const end = start + length;
  return end > limit ? undefined : { tag, start, end };
}

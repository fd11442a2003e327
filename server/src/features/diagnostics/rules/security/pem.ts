/** Inline PEM that is none, or of another kind (source/common/tls/context_impl.cc). */
import { decodeBase64 } from '../../../../text/encoding';
import { inlineText } from '../../../../model/dataSource';
import type { ConfigNode } from '../../../../schema/configNode';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { onceSecretsCome } from './awaitedSecrets';

type Pem = 'certificate chain' | 'private key' | 'trusted CA certificates';

/** A text that Envoy does not load; while a secret is awaited it does not look. */
export function checkPem(source: ConfigNode | undefined, what: Pem): Problem | undefined {
  return onceSecretsCome(checkText(source, what));
}

/** An inline text that holds no PEM, or a PEM of another kind. */
function checkText(source: ConfigNode | undefined, what: Pem): Problem | undefined {
  const at = textOf(source);
  const text = inlineText(source);
  if (at && what === 'trusted CA certificates' && isEmptyText(source))
    return errorAt(at, `Failed to load the ${what}: the text cannot be empty.`);
  if (!at || !text || text.includes('...')) return undefined;
  const wanted = what === 'private key' ? /-----BEGIN [A-Z ]*PRIVATE KEY-----/ : /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/;
  if (wanted.test(text) && what !== 'private key' && hasBroken(CERTIFICATE, text))
    return errorAt(at, `Failed to load the ${what}: a PEM block holds no certificate.`);
  if (wanted.test(text) && lacksEnd(text, what)) return errorAt(at, `Failed to load the ${what}: a PEM block has no end.`);
  return wanted.test(text) ? undefined : errorAt(at, `Failed to load the ${what}: the text holds no PEM of that kind.`);
}

/** A text that was cut off. Of keys the first block is read, of certificates all. */
function lacksEnd(text: string, what: Pem): boolean {
  const from = what === 'private key' ? text.search(/-----BEGIN [A-Z ]*PRIVATE KEY-----/) : text.lastIndexOf('-----BEGIN ');
  return !text.includes('-----END ', from);
}

const textOf = (source: ConfigNode | undefined): ConfigNode | undefined => source?.get('inline_string') ?? source?.get('inline_bytes');

/** An inline text of a `DataSource` that is there and says nothing. */
export function isEmptyText(source: ConfigNode | undefined): boolean {
  return textOf(source)?.asString() === '';
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;
const CRL = /-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/g;
const MAX_BLOCKS = 8;

/** A block whose bytes are no whole sequence of DER, as every certificate and every list is. */
function hasBroken(block: RegExp, text: string): boolean {
  const blocks = Array.from(text.matchAll(block), ([, body = '']) => body.replace(/\s/g, '')).slice(0, MAX_BLOCKS);
  return blocks.some((body) => !isSequence(decodeBase64(body)));
}

/** Whether bytes are one sequence of DER. */
export function isSequence(bytes: Uint8Array | undefined): boolean {
  if (!bytes) return false;
  const [tag = 0, first = 0] = bytes;
  if (tag !== 0x30) return false;
  if (first < 0x80) return bytes.length === 2 + first;
  const count = first & 0x7f;
  const length = bytes.slice(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return bytes.length === 2 + count + length;
}

/** A certificate revocation list that is none; a text without any block is an empty list to Envoy. */
export function checkCrl(crl: ConfigNode | undefined): Problem | undefined {
  const at = textOf(crl);
  const text = inlineText(crl);
  return at && text !== undefined && !text.includes('...') && hasBroken(CRL, text)
    ? errorAt(at, 'Failed to load the CRL: a PEM block holds none.')
    : undefined;
}

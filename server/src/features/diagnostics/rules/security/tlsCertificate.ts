/** One `TlsCertificate`: a chain with its key, or PKCS #12 (source/common/ssl/tls_certificate_config_impl.cc, source/common/tls/context_impl.cc). */
import { inlineText } from '../../../../model/dataSource';
import type { ConfigNode } from '../../../../schema/configNode';
import { KEPT_BACK } from '../../../../schema/keptBack';
import { decodeBase64 } from '../../../../text/encoding';
import { errorAt, warningAt } from '../../problem';
import type { Problem } from '../../rule';
import { exclusive } from '../../settingChecks';
import { onceSecretsCome, type SecretUse } from './awaitedSecrets';
import { checkPublicKey } from './certificateContents';
import { isKeyOf } from './keyPair';
import { checkPem, isEmptyText, isSequence } from './pem';

/** What Envoy refuses of it; while another secret of its context is awaited, the texts are not looked at. */
export function checkCertificate(certificate: ConfigNode, use: SecretUse): (Problem | undefined)[] {
  const rules = [checkPair(certificate), ...checkPkcs12(certificate), textStaple(certificate), privateKeyProvider(certificate)];
  if (use === 'awaited') return rules;
  const [chain, key] = [certificate.get('certificate_chain'), certificate.get('private_key')];
  return [
    checkPem(chain, 'certificate chain'),
    checkPublicKey(chain),
    checkPem(key, 'private key'),
    checkMatch(chain, key),
    lacksPassword(certificate),
    onceSecretsCome(noDer(certificate.path('pkcs12', 'inline_bytes'), 'Failed to load PKCS #12: these bytes are none.')),
    onceSecretsCome(noPkcs12(certificate.get('pkcs12'))),
    onceSecretsCome(noDer(certificate.path('ocsp_staple', 'inline_bytes'), 'These bytes are no OCSP response.')),
    ...rules,
  ];
}

function checkPair(certificate: ConfigNode): Problem | undefined {
  if (certificate.isIncomplete || certificate.has('private_key_provider') || certificate.has('pkcs12')) return undefined;
  const [chain, key] = [certificate.get('certificate_chain'), certificate.get('private_key')];
  if ((chain && !key) || isEmptyText(key))
    return errorAt(key ?? certificate, 'Failed to load an incomplete private key: "private_key" is not set.');
  if ((!chain && key) || isEmptyText(chain))
    return errorAt(chain ?? certificate, 'Failed to load an incomplete certificate: "certificate_chain" is not set.');
  return undefined;
}

/** context_impl.cc: "Failed to load private key …, Cause: …KEY_VALUES_MISMATCH". */
function checkMatch(chain: ConfigNode | undefined, key: ConfigNode | undefined): Problem | undefined {
  const [chainText, keyText] = [inlineText(chain), inlineText(key)];
  if (!chain || !key || !chainText || !keyText || isKeyOf(keyText, chainText) !== false) return undefined;
  return errorAt(key, 'Failed to load the private key: it is not the key of the certificate.', {
    related: [{ message: 'The certificate', at: chain }],
  });
}

/** RFC 7468 and RFC 1421: the two ways in which PEM tells that a key is encrypted. */
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

function lacksPassword(certificate: ConfigNode): Problem | undefined {
  const key = certificate.get('private_key');
  const isEncrypted = key && ENCRYPTED.test(inlineText(key) ?? '');
  return isEncrypted && !certificate.has('password') && !certificate.isIncomplete
    ? onceSecretsCome(errorAt(key, 'Failed to load the private key: it is encrypted, and "password" is not set.'))
    : undefined;
}

function textStaple(certificate: ConfigNode): Problem | undefined {
  const text = certificate.path('ocsp_staple', 'inline_string');
  return text && errorAt(text, 'An OCSP staple is binary: it cannot be given as "inline_string".');
}

function checkPkcs12(certificate: ConfigNode): (Problem | undefined)[] {
  const others = ['private_key', 'certificate_chain', 'private_key_provider'];
  return certificate.has('pkcs12')
    ? others.map((name) => exclusive(certificate, 'pkcs12', name, `A certificate configuration can't have both "pkcs12" and "${name}".`))
    : [];
}

/** PKCS #12 and OCSP responses are one sequence of DER (RFC 7292, RFC 6960). */
function noDer(bytes: ConfigNode | undefined, message: string): Problem | undefined {
  const decoded = bytes && decodeBase64(bytes.asString() ?? '');
  return bytes && decoded && decoded.length > 0 && bytes.asString() !== KEPT_BACK && !isSequence(decoded)
    ? errorAt(bytes, message)
    : undefined;
}

/** PKCS #12 begins with the length of more than 127 bytes, which is no UTF-8: a text is none. */
function noPkcs12(source: ConfigNode | undefined): Problem | undefined {
  if (isEmptyText(source)) return source && errorAt(source, 'Failed to load PKCS #12: it is empty.');
  const text = source?.get('inline_string');
  return text && text.asString() !== KEPT_BACK ? errorAt(text, 'PKCS #12 is binary: it cannot be given as "inline_string".') : undefined;
}

/** Providers that only contributed extensions have, for the accelerators of some CPUs. */
const CONTRIBUTED = ['cryptomb', 'qat', 'kae'];

/** The standard Envoy has no provider at all. */
function privateKeyProvider(certificate: ConfigNode): Problem | undefined {
  const name = certificate.path('private_key_provider', 'provider_name');
  const text = name?.asString() ?? '';
  if (!name || text === '' || certificate.has('pkcs12')) return undefined;
  const message = `Failed to load the private key provider "${text.slice(0, 80)}": the standard Envoy has none.`;
  return CONTRIBUTED.includes(text) ? warningAt(name, message) : errorAt(name, message);
}

/** TLS settings that Envoy refuses: certificates that are none, and validation without a trusted CA (source/common/tls). */
import { encodeUtf8 } from '../../../../text/encoding';
import { inlineText } from '../../../../model/certificate';
import type { ConfigNode } from '../../../../schema/configNode';
import { DOWNSTREAM_TLS, QUIC_DOWNSTREAM, UPSTREAM_TLS } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt, warningAt } from '../../problem';
import type { Problem, RuleContext } from '../../rule';
import { exclusive } from '../../settingChecks';
import { isKeyOf } from './keyPair';
import { onceSecretsCome, useOfSecret, type SecretUse } from './awaitedSecrets';
import { checkPublicKey, checkServed } from './certificateContents';
import { checkPem, isEmptyText } from './pem';
import { checkValidation } from './validationContext';

const TLS = DOWNSTREAM_TLS.slice(0, DOWNSTREAM_TLS.lastIndexOf('.'));

export const certificates = refusalRule('tls-certificates', {
  [`${TLS}.TlsCertificate`]: (certificate, around) => whereUsed(certificate, around, checkCertificate),
  [QUIC_DOWNSTREAM]: (socket) => {
    const demand = socket.path('downstream_tls_context', 'require_client_certificate');
    return [demand?.asBoolean() ? errorAt(demand, 'TLS client authentication is not supported over QUIC.') : undefined];
  },
  [`${TLS}.CertificateValidationContext`]: (context, around) => whereUsed(context, around, checkValidation),
  [`${TLS}.SubjectAltNameMatcher`]: (matcher) => [needsOid(matcher)],
  [`${TLS}.CommonTlsContext`]: checkAlpn,
  [DOWNSTREAM_TLS]: (context) => [checkServer(context), ...checkServed(context), ...checkTicketKeys(context)],
  [UPSTREAM_TLS]: (context) => {
    const second = context.get('common_tls_context')?.list('tls_certificates')[1];
    return [
      lacksTrust(context),
      serverName(context.get('sni')),
      second && errorAt(second, 'Multiple TLS certificates are not supported for connections to upstream hosts.'),
    ];
  },
});

/** client_context_config_impl.cc */
function serverName(sni: ConfigNode | undefined): Problem | undefined {
  return sni?.asString()?.includes('\0') ? errorAt(sni, 'A server name (SNI) cannot contain a NUL byte.') : undefined;
}

/** default_validator.cc: names are worth nothing where anybody may have signed them. */
function lacksTrust(context: ConfigNode): Problem | undefined {
  const demand = context.get('auto_sni_san_validation');
  const common = context.get('common_tls_context');
  if (!demand?.asBoolean() || context.isIncomplete || common?.isIncomplete) return undefined;
  const validation = common?.get('validation_context');
  const mayTrust =
    ['validation_context_sds_secret_config', 'combined_validation_context'].some((field) => common?.has(field)) ||
    ['trusted_ca', 'ca_certificate_provider_instance', 'custom_validator_config'].some((field) => validation?.has(field)) ||
    validation?.isIncomplete === true;
  return mayTrust
    ? undefined
    : onceSecretsCome(errorAt(demand, '"auto_sni_san_validation" needs a validation context with a trusted CA ("trusted_ca").'));
}

/** The name of one protocol and the whole list, in bytes (tls/context_impl.cc parseAlpnProtocols). */
const MAX_ALPN = 255;
const MAX_ALPN_LIST = 65_535;

function checkAlpn(context: ConfigNode): (Problem | undefined)[] {
  const names = context.list('alpn_protocols');
  const sizes = names.map((name) => encodeUtf8(name.asString() ?? '').length);
  const sum = sizes.reduce((all, size) => all + size + 1, -1);
  const list = context.get('alpn_protocols');
  return [
    list && sum >= MAX_ALPN_LIST
      ? onceSecretsCome(errorAt(list, 'The ALPN protocols are too many: they are sent in two bytes of length.'))
      : undefined,
    ...names.map((name, index) =>
      (sizes[index] ?? 0) > MAX_ALPN
        ? onceSecretsCome(errorAt(name, `The name of an ALPN protocol has at most ${MAX_ALPN} bytes.`))
        : undefined,
    ),
  ];
}

/** tls_certificate_config_impl.cc: the standard Envoy has no provider; CPUs with one need a contributed extension. */
const CONTRIBUTED_PROVIDERS = ['cryptomb', 'qat', 'kae'];

function privateKeyProvider(name: ConfigNode | undefined): Problem | undefined {
  const text = name?.asString() ?? '';
  if (!name || text === '') return undefined;
  const message = `Failed to load the private key provider "${text.slice(0, 80)}": the standard Envoy has none.`;
  return CONTRIBUTED_PROVIDERS.includes(text) ? warningAt(name, message) : errorAt(name, message);
}

/** What a secret holds is only judged where a TLS context uses it. */
function whereUsed(
  message: ConfigNode,
  around: RuleContext,
  check: (message: ConfigNode, use: SecretUse) => (Problem | undefined)[],
): (Problem | undefined)[] {
  const { parent, owner } = message;
  const isInContext = owner?.isField('common_tls_context', 'combined_validation_context') ?? false;
  const use = isInContext || !parent ? 'used' : useOfSecret(parent, around);
  return use === 'unused' ? [] : check(message, use);
}

function checkCertificate(certificate: ConfigNode, use: SecretUse): (Problem | undefined)[] {
  const [chain, key] = [certificate.get('certificate_chain'), certificate.get('private_key')];
  const texts =
    use === 'awaited'
      ? []
      : [checkPem(chain, 'certificate chain'), checkPublicKey(chain), checkPem(key, 'private key'), checkMatch(chain, key), lacksPassword(certificate)];
  return [...texts, checkPair(certificate), ...checkPkcs12(certificate), ...checkStaple(certificate)];
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
  const [chainText, keyText] = [chain && inlineText(chain), key && inlineText(key)];
  if (!chain || !key || chainText === undefined || keyText === undefined || isKeyOf(keyText, chainText) !== false) return undefined;
  return errorAt(key, 'Failed to load the private key: it is not the key of the certificate.', {
    related: [{ message: 'The certificate', at: chain }],
  });
}

function checkStaple(certificate: ConfigNode): (Problem | undefined)[] {
  const text = certificate.path('ocsp_staple', 'inline_string');
  return [text && errorAt(text, 'An OCSP staple is binary: it cannot be given as "inline_string".')];
}

function checkPkcs12(certificate: ConfigNode): (Problem | undefined)[] {
  const others = ['private_key', 'certificate_chain', 'private_key_provider'];
  return certificate.has('pkcs12')
    ? others.map((name) => exclusive(certificate, 'pkcs12', name, `A certificate configuration can't have both "pkcs12" and "${name}".`))
    : [];
}

const SOURCES = ['tls_certificates', 'tls_certificate_sds_secret_configs', 'custom_tls_certificate_selector', 'custom_handshaker'];

/** default_validator.cc */
function needsOid(matcher: ConfigNode): Problem | undefined {
  if (!/^(?:OTHER_NAME|5)$/i.test(matcher.enumName('san_type')) || matcher.isIncomplete) return undefined;
  const oid = matcher.get('oid');
  const text = oid?.asString() ?? '';
  if (text === '') return errorAt(matcher, 'A name of the type OTHER_NAME needs an "oid".');
  // A single word may be the name of an OID that the library knows.
  return oid && text.includes('.') && !/^[012](?:\.\d+)+$/.test(text)
    ? errorAt(oid, `Failed to create a matcher for OTHER_NAME: "${text.slice(0, 80)}" is no OID.`)
    : undefined;
}

function checkServer(context: ConfigNode): Problem | undefined {
  const common = context.get('common_tls_context');
  if (context.isIncomplete || common?.isIncomplete) return undefined;
  const given = SOURCES.filter((name) => common?.has(name) && (common.get(name)?.isObject || common.list(name).length > 0));
  if (given.length === 0) return errorAt(common ?? context, 'No TLS certificates found for the server context.');
  const sds = common?.get('tls_certificate_sds_secret_configs');
  const empty = (common?.list('tls_certificates') ?? []).find((certificate) => !certificate.isIncomplete && !hasCertificate(certificate));
  if (empty) return errorAt(empty, 'The TLS certificates of a server must have a certificate specified.');
  return sds && given.includes('tls_certificates') && given.includes('tls_certificate_sds_secret_configs')
    ? errorAt(sds, 'SDS and non-SDS TLS certificates may not be mixed in server contexts.')
    : undefined;
}

function hasCertificate(certificate: ConfigNode): boolean {
  return ['certificate_chain', 'private_key', 'private_key_provider', 'pkcs12'].some((name) => certificate.has(name));
}

function checkTicketKeys(context: ConfigNode): (Problem | undefined)[] {
  return (context.get('session_ticket_keys')?.list('keys') ?? []).map((key) => {
    const text = key.get('inline_string');
    const size = encodeUtf8(text?.asString() ?? '').length;
    return text && text.asString() !== '[redacted]' && size !== 80
      ? errorAt(text, `Incorrect TLS session ticket key length: ${size}, expected 80.`)
      : undefined;
  });
}

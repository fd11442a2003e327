/** TLS settings that Envoy refuses: certificates that are none, and validation without a trusted CA (source/common/tls). */
import { decodeBase64, encodeUtf8 } from '../../../../text/encoding';
import type { ConfigNode } from '../../../../schema/configNode';
import { KEPT_BACK } from '../../../../schema/keptBack';
import { DOWNSTREAM_TLS, UPSTREAM_TLS } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem, RuleContext } from '../../rule';
import { onceSecretsCome, useOfSecret, type SecretUse } from './awaitedSecrets';
import { checkServed } from './certificateContents';
import { checkOnDemand } from './onDemandCertificates';
import { checkCertificate } from './tlsCertificate';
import { checkValidation } from './validationContext';

const TLS = DOWNSTREAM_TLS.slice(0, DOWNSTREAM_TLS.lastIndexOf('.'));

export const certificates = refusalRule('tls-certificates', {
  [`${TLS}.TlsCertificate`]: (certificate, around) => whereUsed(certificate, around, checkCertificate),
  [`${TLS}.CertificateValidationContext`]: (context, around) => whereUsed(context, around, checkValidation),
  [`${TLS}.SubjectAltNameMatcher`]: (matcher) => [needsOid(matcher)],
  [`${TLS}.CommonTlsContext`]: checkAlpn,
  [DOWNSTREAM_TLS]: (context) => [checkServer(context), checkOnDemand(context), ...checkServed(context), ...checkTicketKeys(context)],
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

const SOURCES = ['tls_certificates', 'tls_certificate_sds_secret_configs', 'custom_tls_certificate_selector', 'custom_handshaker'];

/** default_validator.cc */
function needsOid(matcher: ConfigNode): Problem | undefined {
  if (!matcher.isEnum('san_type', 'OTHER_NAME', 5) || matcher.isIncomplete) return undefined;
  const oid = matcher.get('oid');
  const text = oid?.asString() ?? '';
  if (text === '') return errorAt(matcher, 'A name of the type OTHER_NAME needs an "oid".');
  return oid && !isObjectIdentifier(text)
    ? errorAt(oid, `Failed to create a matcher for OTHER_NAME: "${text.slice(0, 80)}" is no OID.`)
    : undefined;
}

/** Numbers, or a name that BoringSSL may know (crypto/obj/obj.c): those have letters, and none but C, L and O has a single one. */
function isObjectIdentifier(text: string): boolean {
  if (!/^[\d.]*$/.test(text)) return /^(?:[CLO]|\w[\w /()-]+)$/.test(text);
  if (!/^[012](?:\.(?:0|[1-9]\d*))+$/.test(text)) return false;
  const [first = 0n, second = 0n, ...others] = text.split('.').map(BigInt);
  return (first === 2n || second < 40n) && [first * 40n + second, ...others].every((number) => number < 1n << 64n);
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
    const [text, bytes] = [key.get('inline_string'), key.get('inline_bytes')];
    const at = text ?? bytes;
    const size = (text ? encodeUtf8(text.asString() ?? '') : decodeBase64(bytes?.asString() ?? ''))?.length ?? 80;
    return at && at.asString() !== KEPT_BACK && size !== 80
      ? errorAt(at, `Incorrect TLS session ticket key length: ${size}, expected 80.`)
      : undefined;
  });
}

/** How a peer's certificate is checked: what needs a trusted CA, and hashes that are none (source/common/tls/context_config_impl.cc, source/common/ssl/certificate_validation_context_config_impl.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { onceSecretsCome, type SecretUse } from './awaitedSecrets';
import { checkCrl, checkPem, isEmptyText } from './pem';

/** What Envoy refuses of a `CertificateValidationContext`. */
export function checkValidation(context: ConfigNode, use: SecretUse): (Problem | undefined)[] {
  const ca = context.get('trusted_ca');
  const wrongCa = use === 'awaited' ? undefined : checkPem(ca, 'trusted CA certificates');
  const mayHaveCa =
    ca !== undefined ||
    context.isIncomplete ||
    context.has('ca_certificate_provider_instance') ||
    context.has('custom_validator_config') ||
    isCombined(context);
  const crl = context.get('crl');
  const hashes = [...context.list('verify_certificate_hash').map(checkHash), ...context.list('verify_certificate_spki').map(checkSpki)];
  const wrongHashes = [...(use === 'awaited' ? [] : hashes), validatorName(context.path('custom_validator_config', 'name'))];
  if (mayHaveCa) return [wrongCa, onceSecretsCome(checkCrl(crl)), ...wrongHashes];
  const expired = context.get('allow_expired_certificate');
  const names = context.get('match_typed_subject_alt_names') ?? context.get('match_subject_alt_names');
  return [
    ...wrongHashes,
    crl && !isEmptyText(crl) ? errorAt(crl, 'Failed to load the CRL without a trusted CA.') : undefined,
    expired?.asBoolean() ? errorAt(expired, 'The validity period of certificates is always ignored without a trusted CA.') : undefined,
    names && (names.items().length > 0 || names.isObject)
      ? errorAt(names, 'Verification of peer names without a trusted CA is insecure and not allowed.')
      : undefined,
  ];
}

const VALIDATORS = ['default', 'spiffe', 'dynamic_modules'].map((name) => `envoy.tls.cert_validator.${name}`);

/** Found by its name, other than most extensions (tls/context_impl.cc). */
function validatorName(name: ConfigNode | undefined): Problem | undefined {
  const text = name?.asString() ?? '';
  return name && !VALIDATORS.includes(text)
    ? errorAt(name, `There is no certificate validator "${text.slice(0, 80)}": it is one of ${VALIDATORS.slice(0, 2).join(', ')}.`)
    : undefined;
}

/** SHA-256 as 64 hexadecimal digits, or 32 pairs with colons between. */
function checkHash(hash: ConfigNode): Problem | undefined {
  const text = hash.asString() ?? '';
  return /^[0-9a-fA-F]{64}$/.test(text.length === 95 ? text.replaceAll(':', '') : text)
    ? undefined
    : errorAt(hash, `Invalid hex-encoded SHA-256: "${text.slice(0, 100)}".`);
}

/** 32 bytes in base64. */
function checkSpki(hash: ConfigNode): Problem | undefined {
  const text = hash.asString() ?? '';
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? undefined : errorAt(hash, `Invalid base64-encoded SHA-256: "${text.slice(0, 100)}".`);
}

/** Half of a `combined_validation_context`: the CA comes from the secret. */
function isCombined(context: ConfigNode): boolean {
  return context.isField('default_validation_context');
}

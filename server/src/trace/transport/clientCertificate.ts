/** What a DownstreamTlsContext asks of the client's certificate (Envoy: source/common/tls/cert_validator/default_validator.cc). */
import type { ProxyScope } from '../../index/proxyScope';
import type { ConfigNode } from '../../schema/configNode';
import { mayLackEntries } from '../../schema/mayLackEntries';
import { fitsSubjectAltName } from '../matcher/clientNames';
import type { OtherNames } from '../facts/connection';
import { words, type Sentence } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';

export interface ClientCertificateDemand {
  /** Envoy asks the client for a certificate. */
  readonly asked: boolean;
  /** Why a client without one is refused, and where that is written; undefined where it is let in. */
  readonly required: { readonly because: Sentence; readonly at: ConfigNode } | undefined;
  /** SubjectAltNameMatchers (or, in old files, plain StringMatchers), one of which must fit; [] where any certificate will do. */
  readonly names: readonly ConfigNode[];
  /** Hashes of certificates or keys, one of which must fit; [] where any will do. */
  readonly pins: readonly ConfigNode[];
  /** The file has lost a part of what is asked. */
  readonly isCut: boolean;
}

/**
 * A trusted CA alone only asks for a certificate. `require_client_certificate` demands one, but does nothing without a CA (addClientValidationContext);
 * names, hashes and keys to compare with demand one, too, unless untrusted certificates are accepted (initializeSslContexts).
 */
export function readClientCertificateDemand(proxy: ProxyScope, context: ConfigNode): ClientCertificateDemand {
  const { validations, isDelivered } = findValidations(proxy, context);
  const has = (field: string): boolean => validations.some((validation) => validation.has(field));
  const names = validations.flatMap((validation) => NAMES.flatMap((field) => validation.list(field)));
  const pins = validations.flatMap((validation) => [
    ...validation.list('verify_certificate_hash'),
    ...validation.list('verify_certificate_spki'),
  ]);
  const [compared] = [...names, ...pins];
  const acceptsUntrusted = validations.some((validation) => validation.isEnum('trust_chain_verification', 'ACCEPT_UNTRUSTED', 1));
  const checksChain = isDelivered || has('trusted_ca') || has('ca_certificate_provider_instance') || has('custom_validator_config');
  const demand = checksChain && context.bool('require_client_certificate') === true ? context.get('require_client_certificate') : undefined;
  const required = demand
    ? { because: words('the chain requires a client certificate, and the client presents none'), at: demand }
    : compared && !acceptsUntrusted
      ? { because: words('the chain compares the client certificate, and the client presents none'), at: compared }
      : undefined;
  return {
    asked: checksChain || acceptsUntrusted || compared !== undefined,
    required,
    names: acceptsUntrusted ? [] : names,
    pins: acceptsUntrusted ? [] : pins,
    isCut: validations.some((validation) => NAMES.some((field) => mayLackEntries(validation, field))),
  };
}

const NAMES = ['match_typed_subject_alt_names', 'match_subject_alt_names'] as const;

interface Validations {
  /** Merged by Envoy: the default and the secret that is put over it. */
  readonly validations: readonly ConfigNode[];
  /** A secret that no open file has: it is taken as delivered, with a CA. */
  readonly isDelivered: boolean;
}

function findValidations(proxy: ProxyScope, context: ConfigNode): Validations {
  const common = context.get('common_tls_context');
  const combined = common?.get('combined_validation_context');
  const reference = combined?.get('validation_context_sds_secret_config') ?? common?.get('validation_context_sds_secret_config');
  const secret = reference && proxy.byName.secret.get(reference.string('name'))?.node.get('validation_context');
  const given = [common?.get('validation_context'), combined?.get('default_validation_context'), secret];
  return { validations: given.filter((each) => each !== undefined), isDelivered: reference !== undefined && secret === undefined };
}

/** The names must fit, and then a hash, which no request tells (DefaultCertValidator::verifyCertificate). */
export function testClientCertificate(demand: ClientCertificateDemand, principals: readonly string[], others?: OtherNames): Verdict {
  const named = testClientNames(demand, principals, others);
  const [pin] = demand.pins;
  if (named.kind !== 'yes' || !pin) return named;
  return unknown(words("the hash of the client's certificate or of its key, which the chain compares"), pin);
}

/** Some name of the certificate must fit one of the matchers; without `others` only its URI names are known. */
function testClientNames({ names }: ClientCertificateDemand, principals: readonly string[], others?: OtherNames): Verdict {
  const [first] = names;
  if (!first) return YES;
  let open: ConfigNode | undefined;
  for (const name of names) {
    const fits = fitsSubjectAltName(name, { principals, ...(others && { otherNames: others }) });
    if (fits === true) return YES;
    if (fits === undefined) open ??= name;
  }
  if (open) return unknown(words('the other names of the client certificate (DNS, e-mail, IP), which the chain compares'), open);
  return no(words('the client certificate has none of the names that the chain accepts'), first);
}

/** DownstreamTlsContext (Envoy: source/common/tls/server_context_impl.cc, cert_validator/default_validator.cc). */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import type { TlsLayer } from '../facts/connection';
import { addStep, type Hop, type HopResult } from '../hop';
import { ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { readStringMatcher } from '../matcher/stringMatcher';

/** Ends TLS: a plaintext client, or one without the certificate that is asked for, fails. */
export function terminateTls(hop: Hop, context: ConfigNode, at: ConfigNode): HopResult | undefined {
  const { connection } = hop;
  const tls = connection.layers[0];
  if (tls?.kind !== 'tls') return fail(hop, { because: words('the chain expects TLS, and the client speaks plaintext'), at });
  const demands = clientCertificateOf(context);
  const principals = demands.asked ? tls.principals : [];
  if (demands.required && principals.length === 0)
    return fail(hop, {
      because: words('the chain requires a client certificate, and the client presents none'),
      at: context.get('require_client_certificate') ?? at,
    });
  const stranger = principals.length > 0 ? unwelcome(demands, principals) : undefined;
  if (stranger) return fail(hop, stranger);
  const negotiatedAlpn = negotiate(context, tls);
  connection.layers = connection.layers.slice(1);
  connection.tls = { principals, sni: tls.sni, alpn: tls.alpn, negotiatedAlpn };
  addStep(hop, {
    stage: 'transport_socket',
    decision: words('TLS is terminated'),
    because: describe(hop, context, { tls, asked: demands.asked, principals, negotiatedAlpn }),
    at,
  });
  return undefined;
}

function fail(hop: Hop, { because, at }: { because: Sentence; at: ConfigNode }): HopResult {
  addStep(hop, { stage: 'transport_socket', decision: words('the TLS handshake fails'), because, at });
  return ending('tls_error');
}

interface ClientCertificate {
  /** Envoy asks the client for a certificate. */
  readonly asked: boolean;
  readonly required: boolean;
  readonly names: readonly ConfigNode[];
}

/** A certificate is asked for where it is required, or where there is something to check it with. */
const clientCertificateOf: (context: ConfigNode) => ClientCertificate = memoizeByNode((context) => {
  const shared = context.get('common_tls_context');
  const combined = shared?.get('combined_validation_context');
  const validation = shared?.get('validation_context') ?? combined?.get('default_validation_context');
  const fromSecret =
    shared?.has('validation_context_sds_secret_config') === true || combined?.has('validation_context_sds_secret_config') === true;
  const names = [...(validation?.list('match_typed_subject_alt_names') ?? []), ...(validation?.list('match_subject_alt_names') ?? [])];
  const required = context.bool('require_client_certificate') === true;
  const checks = [
    'trusted_ca',
    'ca_certificate_provider_instance',
    'verify_certificate_spki',
    'verify_certificate_hash',
    'custom_validator_config',
  ];
  const asked = required || fromSecret || names.length > 0 || checks.some((field) => validation?.has(field) === true);
  return { asked, required, names };
});

/** Some name of the certificate must fit one of the matchers; names other than URIs are not known here and do not decide. */
function unwelcome({ names }: ClientCertificate, principals: readonly string[]): { because: Sentence; at: ConfigNode } | undefined {
  const [first] = names;
  const typesKnown = names.every((name) => !name.has('san_type') || name.string('san_type') === 'URI');
  if (!first || !typesKnown) return undefined;
  const fits = names.some((name) => {
    const matcher = readStringMatcher(name.get('matcher') ?? name);
    return matcher.matches === null || principals.some((principal) => matcher.matches?.(principal));
  });
  return fits ? undefined : { because: say`the chain accepts other names than ${principals}`, at: first };
}

/** The first protocol of the server's list that the client offers; '' where there is none (the handshake goes on without). */
function negotiate(context: ConfigNode, { alpn }: TlsLayer): string {
  const supported = context.get('common_tls_context')?.list('alpn_protocols') ?? [];
  return supported.map((protocol) => protocol.asString() ?? '').find((protocol) => alpn.includes(protocol)) ?? '';
}

interface Handshake {
  readonly tls: TlsLayer;
  readonly asked: boolean;
  readonly principals: readonly string[];
  readonly negotiatedAlpn: string;
}

function describe(hop: Hop, context: ConfigNode, { tls, asked, principals, negotiatedAlpn }: Handshake): Sentence {
  const client =
    principals.length > 0
      ? say`the client is ${principals}`
      : tls.principals.length > 0 && !asked
        ? words('no client certificate is asked for, so the client stays without a name')
        : words('the client presents no certificate');
  const protocol =
    negotiatedAlpn === '' ? words('no application protocol is agreed on') : say`the application protocol is ${negotiatedAlpn}`;
  const missing = missingSecrets(hop, context);
  const secrets = missing.length > 0 ? say`; the files do not hold the secret ${missing}, which is taken as delivered` : words('');
  return say`${client}; ${protocol}${secrets}`;
}

/** Names of SDS certificates that no open file has. */
function missingSecrets({ proxy }: Hop, context: ConfigNode): string[] {
  const configs = context.get('common_tls_context')?.list('tls_certificate_sds_secret_configs') ?? [];
  return configs.flatMap((config) => {
    const name = config.string('name');
    return name === '' || proxy.byName.secret.has(name) ? [] : [name];
  });
}

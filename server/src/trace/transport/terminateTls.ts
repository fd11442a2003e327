/** DownstreamTlsContext (Envoy: source/common/tls/server_context_impl.cc, cert_validator/default_validator.cc). */
import type { ConfigNode } from '../../schema/configNode';
import type { TlsLayer } from '../facts/connection';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { YES } from '../verdict';
import { readClientCertificateDemand, testClientCertificate, type ClientCertificateDemand } from './clientCertificate';

/** What is not there may be lost. */
function isCut(context: ConfigNode): boolean {
  const common = context.get('common_tls_context');
  const combined = common?.get('combined_validation_context');
  return [context, common, combined].some((part) => part?.isIncomplete);
}

/** Ends TLS: a plaintext client, or one without the certificate that is asked for, fails. */
export function terminateTls(hop: Hop, context: ConfigNode, at: ConfigNode): HopResult | undefined {
  const { connection } = hop;
  const tls = connection.layers[0];
  if (tls?.kind !== 'tls') {
    const said =
      tls?.kind === 'proxy_header' ? 'the client begins with a PROXY protocol header, which nothing reads' : 'the client speaks plaintext';
    return fail(hop, { because: words(`the chain expects TLS, and ${said}`), at });
  }
  const demand = readClientCertificateDemand(hop.proxy, context);
  if (isCut(context) || demand.isCut) return cannotTell(words('what TLS asks of the client, which the file leaves out'));
  const client = presented(tls, demand);
  if (!demand.asked) withholdCertificate(hop);
  const refused = refuseClient(hop, client, { demand, at });
  if (refused) return refused;
  const negotiatedAlpn = negotiate(context, tls);
  connection.layers = connection.layers.slice(1);
  hop.record.endsTls = true;
  const { principals, otherNames } = client;
  connection.tls = {
    principals,
    ...(client.isUnnamed && { hasUnknownPrincipals: true }),
    ...(otherNames && { otherNames }),
    ...{ sni: tls.sni, alpn: tls.alpn, negotiatedAlpn },
  };
  addStep(hop, {
    stage: 'transport_socket',
    decision: words('TLS is terminated'),
    because: describe(hop, context, { tls, asked: demand.asked, principals, negotiatedAlpn }),
    at,
  });
  return undefined;
}

/** What the server sees of the client's certificate; nothing where it does not ask. */
interface PresentedCertificate {
  readonly principals: readonly string[];
  readonly otherNames: TlsLayer['otherNames'];
  /** There is one, with names that nobody knows. */
  readonly isUnnamed: boolean;
}

function presented(tls: TlsLayer, { asked }: ClientCertificateDemand): PresentedCertificate {
  if (!asked) return { principals: [], otherNames: undefined, isUnnamed: false };
  return { principals: tls.principals, otherNames: tls.otherNames, isUnnamed: tls.hasUnknownPrincipals === true };
}

/** Undefined for a client that may come in. */
function refuseClient(
  hop: Hop,
  { principals, otherNames, isUnnamed }: PresentedCertificate,
  { demand, at }: { demand: ClientCertificateDemand; at: ConfigNode },
): HopResult | undefined {
  if (isUnnamed && demand.names.length + demand.pins.length > 0)
    return cannotTell(words("the names in the client's certificate, which the chain compares"));
  const isPresented = principals.length > 0 || otherNames !== undefined;
  if (demand.required && !isPresented && !isUnnamed) return fail(hop, demand.required);
  const welcome = isPresented ? testClientCertificate(demand, principals, otherNames) : YES;
  if (welcome.kind === 'unknown') return cannotTell(welcome.missing);
  if (welcome.kind === 'yes') return undefined;
  return fail(hop, { because: say`${welcome.because}: it is ${[...principals, ...(otherNames?.dns ?? [])]}`, at: welcome.at ?? at });
}

function fail(hop: Hop, { because, at }: { because: Sentence; at: ConfigNode }): HopResult {
  addStep(hop, { stage: 'transport_socket', decision: words('the TLS handshake fails'), because, at });
  return ending('tls_error');
}

/** A client shows its certificate to those who ask for it alone (RFC 8446 4.4.2). */
function withholdCertificate({ record }: Hop): void {
  if (!record.downstream?.principals) return;
  const { principals: _, ...others } = record.downstream;
  record.downstream = others;
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
  const names = [...principals, ...(principals.length === 0 && asked ? (tls.otherNames?.dns ?? []) : [])];
  const client =
    names.length > 0
      ? say`the client is ${names}`
      : tls.principals.length > 0 && !asked
        ? words('no client certificate is asked for, so the client stays without a name')
        : asked && tls.hasUnknownPrincipals === true
          ? words('the client presents a certificate whose names the files do not tell')
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

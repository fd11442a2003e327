/** The TLS that a cluster puts around its bytes: SNI, ALPN, our certificate (Envoy: source/common/tls/client_context_impl.cc, router.cc auto_sni). */
import { objectOfStream } from '../facts/filterStateObject';
import { canonicalIp } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { lostField } from '../../schema/keptBack';
import type { TlsLayer } from '../facts/connection';
import { knownHeader, type HttpRequest } from '../facts/httpRequest';
import { NotKnown } from '../facts/notKnown';
import type { Hop } from '../hop';
import { hostOf } from '../http/hostPort';
import { httpProtocolOptions } from '../cluster/httpVersion';
import { expectedPeers, type ExpectedPeers } from './expectedPeers';
import { ownCertificate } from './ownCertificate';

export interface TlsQuestion {
  readonly cluster: ConfigNode;
  /** `UpstreamTlsContext`. */
  readonly context: ConfigNode;
  readonly isQuic: boolean;
  /** The host's `hostname`; '' where it has none. */
  readonly hostname: string;
  /** What the HTTP version offers where the context names no protocols; [] for TCP. */
  readonly fallbackAlpn: readonly string[];
}

/** The outermost layer; `principals` are ours. */
export function upstreamTls(hop: Hop, question: TlsQuestion): TlsLayer {
  const common = question.context.get('common_tls_context');
  const configured = (common?.list('alpn_protocols') ?? []).flatMap((protocol) => protocol.asString() ?? []);
  const override = objectOfStream(hop, 'envoy.network.application_protocols');
  const alpn = override && override.value !== '' ? override.value.split(',').map((protocol) => protocol.trim()) : configured;
  const certificate = ownCertificate(hop.proxy, common);
  const found = serverName(hop, question);
  const sni = found instanceof NotKnown ? '' : found;
  const lost = lostParts(question.context, { sni: found, isAlpnSet: alpn !== configured });
  return {
    kind: 'tls',
    quic: question.isQuic,
    sni,
    alpn: alpn.length > 0 ? alpn : question.fallbackAlpn,
    ...(lost.length > 0 && { lost }),
    principals: certificate.principals,
    ...(certificate.isUnknown && { hasUnknownPrincipals: true }),
    ...(certificate.otherNames && { otherNames: certificate.otherNames }),
    ...(namesByItself(hop, question, found) ?? expectedPeers(hop.proxy, common)),
  };
}

/** Of what the context itself says: filter state or the request may say it instead, where its value is known. */
function lostParts(context: ConfigNode, { sni, isAlpnSet }: { sni: string | NotKnown; isAlpnSet: boolean }): ('sni' | 'alpn')[] {
  const common = context.get('common_tls_context');
  const hidesProtocols = common ? lostField(common, ['alpn_protocols']) !== undefined : context.isIncomplete;
  const hidesName = sni instanceof NotKnown || (sni === context.string('sni') && lostField(context, ['sni']) !== undefined);
  return [...(hidesName ? (['sni'] as const) : []), ...(hidesProtocols && !isAlpnSet ? (['alpn'] as const) : [])];
}

/** Filter state (auto_sni writes it) > the host's name (auto_host_sni) > the literal. */
function serverName(hop: Hop, { cluster, context, hostname }: TlsQuestion): string | NotKnown {
  const override = objectOfStream(hop, 'envoy.network.upstream_server_name');
  if (override && override.value !== '') return override.value;
  const automatic = automaticName(hop, cluster);
  if (automatic) return automatic;
  return context.bool('auto_host_sni') === true && hostname !== '' ? hostname : context.string('sni');
}

/**
 * Names that take the place of configured ones: filter state, the request's host (`auto_san_validation`), or the SNI (`auto_sni_san_validation`);
 * undefined where nothing does, or nothing is verified at all (Envoy: router.cc decodeHeaders, default_validator.cc verifyCertAndUpdateStatus).
 */
function namesByItself(hop: Hop, { cluster, context }: TlsQuestion, sni: string | NotKnown): ExpectedPeers | undefined {
  const common = context.get('common_tls_context');
  if (!VALIDATIONS.some((field) => common?.has(field))) return undefined;
  const state = objectOfStream(hop, 'envoy.network.upstream_subject_alt_names');
  if (state && state.value !== '') return { expects: state.value.split(',').map((text) => ({ text: text.trim() })) };
  const options = protocolOptions(cluster);
  const host = hop.http && options?.bool('auto_san_validation') === true ? namingHeader(hop.http.request, options) : '';
  const name = host === '' && context.bool('auto_sni_san_validation') === true ? sni : host;
  if (name instanceof NotKnown) return { mayExpectMore: true };
  return name === '' ? undefined : { expects: [{ text: name }] };
}

const VALIDATIONS = ['validation_context', 'combined_validation_context', 'validation_context_sds_secret_config'];

/** `auto_sni`: the authority, or the header of `override_auto_sni_header`, without port and unless it is an IP. */
function automaticName(hop: Hop, cluster: ConfigNode): string | NotKnown | undefined {
  const options = protocolOptions(cluster);
  if (!hop.http || options?.bool('auto_sni') !== true) return undefined;
  const name = namingHeader(hop.http.request, options);
  return name instanceof NotKnown || canonicalIp(name) === undefined ? name : undefined;
}

/** `core.v3.UpstreamHttpProtocolOptions`. */
function protocolOptions(cluster: ConfigNode): ConfigNode | undefined {
  return httpProtocolOptions(cluster)?.get('upstream_http_protocol_options') ?? cluster.get('upstream_http_protocol_options');
}

function namingHeader(request: HttpRequest, options: ConfigNode | undefined): string | NotKnown {
  const values = knownHeader(request, options?.string('override_auto_sni_header') || ':authority');
  if (values instanceof NotKnown) return values;
  return hostOf(values[0] || request.authority);
}

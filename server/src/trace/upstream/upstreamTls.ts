/** The TLS that a cluster puts around its bytes: SNI, ALPN, our certificate (Envoy: source/common/tls/client_context_impl.cc, router.cc auto_sni). */
import { canonicalIp } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { lostField } from '../../schema/keptBack';
import type { FilterStateValue, TlsLayer } from '../facts/connection';
import { headerValues } from '../facts/httpRequest';
import type { Hop } from '../hop';
import { portStart } from '../http/hostPort';
import { httpProtocolOptions } from './httpVersion';
import { expectedPeers } from './expectedPeers';
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
  const override = filterState(hop, 'envoy.network.application_protocols');
  const alpn = override && override.value !== '' ? override.value.split(',').map((protocol) => protocol.trim()) : configured;
  const certificate = ownCertificate(hop.proxy, common);
  const sni = serverName(hop, question);
  const lost = lostParts(question.context, { sni, isAlpnSet: alpn !== configured });
  return {
    kind: 'tls',
    quic: question.isQuic,
    sni,
    alpn: alpn.length > 0 ? alpn : question.fallbackAlpn,
    ...(lost.length > 0 && { lost }),
    principals: certificate.principals,
    ...(certificate.isUnknown && { hasUnknownPrincipals: true }),
    ...(certificate.otherNames && { otherNames: certificate.otherNames }),
    ...expectedPeers(hop.proxy, common),
  };
}

/** Of what the context itself says: filter state or the request may say it instead. */
function lostParts(context: ConfigNode, { sni, isAlpnSet }: { sni: string; isAlpnSet: boolean }): ('sni' | 'alpn')[] {
  const common = context.get('common_tls_context');
  const hidesProtocols = common ? lostField(common, ['alpn_protocols']) !== undefined : context.isIncomplete;
  const hidesName = sni === context.string('sni') && lostField(context, ['sni']) !== undefined;
  return [...(hidesName ? (['sni'] as const) : []), ...(hidesProtocols && !isAlpnSet ? (['alpn'] as const) : [])];
}

/** Filter state (auto_sni writes it) > the host's name (auto_host_sni) > the literal. */
function serverName(hop: Hop, { cluster, context, hostname }: TlsQuestion): string {
  const override = filterState(hop, 'envoy.network.upstream_server_name');
  if (override && override.value !== '') return override.value;
  const automatic = automaticName(hop, cluster);
  if (automatic) return automatic;
  return context.bool('auto_host_sni') === true && hostname !== '' ? hostname : context.string('sni');
}

/** `auto_sni`: the authority, or the header of `override_auto_sni_header`, without port and unless it is an IP. */
function automaticName(hop: Hop, cluster: ConfigNode): string | undefined {
  const options = httpProtocolOptions(cluster)?.get('upstream_http_protocol_options') ?? cluster.get('upstream_http_protocol_options');
  if (!hop.http || options?.bool('auto_sni') !== true) return undefined;
  const header = options.string('override_auto_sni_header');
  const text = (header && headerValues(hop.http.request, header)[0]) || hop.http.request.authority;
  const start = portStart(text);
  const host = (start < 0 ? text : text.slice(0, start)).replace(/^\[(.*)\]$/, '$1');
  return host === '' || canonicalIp(host) !== undefined ? undefined : host;
}

function filterState(hop: Hop, key: string): FilterStateValue | undefined {
  return hop.http?.filterState.get(key) ?? hop.connection.filterState.get(key);
}

/** The conditions under which a filter chain is chosen, as parts of a request: its match, its transport socket and its filters. */
import { readCidr } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import { boundSocketsOf } from '../../listener/boundListeners';
import { ANY_PEER, httpOf, type RequestDraft } from './requestDraft';

/** `filter_chain_match`: one value for each criterion. */
export function addChainMatch(draft: RequestDraft, chain: ConfigNode): void {
  const match = chain.get('filter_chain_match');
  if (!match) return;
  draft.port = match.number('destination_port') ?? draft.port;
  draft.ip = firstIp(match.list('prefix_ranges')) ?? draft.ip;
  draft.sourceIp = firstIp(match.list('source_prefix_ranges')) ?? draft.sourceIp;
  draft.directSource = firstIp(match.list('direct_source_prefix_ranges')) ?? draft.directSource;
  draft.sourcePort = match.list('source_ports')[0]?.asNumber() ?? draft.sourcePort;
  const name = match.list('server_names')[0]?.asString();
  if (name !== undefined) draft.sni = name.replace(/^\*\./, 'a.');
  const protocols = match.list('application_protocols').flatMap((protocol) => protocol.asString() ?? []);
  const isTls = match.string('transport_protocol') === 'tls' || name !== undefined;
  if (isTls) draft.isTls = true;
  if (protocols.length > 0) addProtocols(draft, protocols);
}

/** ALPN for TLS; without TLS it is what http_inspector finds. */
export function addProtocols(draft: RequestDraft, protocols: readonly string[]): void {
  const [first = ''] = protocols;
  const isPlainHttp = first === 'http/1.1' || first === 'http/1.0' || first === 'h2c';
  if (draft.isTls || !isPlainHttp) {
    draft.isTls = true;
    draft.alpn = [first];
    // Only proxies of the mesh offer these, and they show their certificates.
    if (first.startsWith('istio')) draft.principals ??= [ANY_PEER];
  } else httpOf(draft).version = first === 'h2c' ? 'http2' : 'http1';
}

/** What the chain's TLS asks of the client, and whether it speaks HTTP. */
export function addChainContent(draft: RequestDraft, chain: ConfigNode): void {
  const socket = chain.get('transport_socket');
  const typed = socket?.typed();
  const isQuic = typed?.type.endsWith('.QuicDownstreamTransport') === true;
  const context = isQuic
    ? typed?.node.get('downstream_tls_context')
    : typed?.type.endsWith('.DownstreamTlsContext') === true
      ? typed?.node
      : chain.get('tls_context');
  if (context) {
    draft.isTls = true;
    draft.isQuic = isQuic;
    if (context?.bool('require_client_certificate') === true) draft.principals ??= [ANY_PEER];
    const offered = context?.get('common_tls_context')?.list('alpn_protocols')[0]?.asString();
    if (isQuic) draft.alpn = ['h3'];
    else if (draft.alpn === undefined && offered !== undefined) draft.alpn = [offered];
  }
  const manager = httpManagerOf(chain);
  if (manager) {
    const http = httpOf(draft);
    if (draft.isQuic) http.version = 'http3';
    else if (draft.alpn?.[0]?.endsWith('h2') === true || manager.isEnum('codec_type', 'HTTP2', 2)) http.version = 'http2';
  } else delete draft.http;
}

/** A chain that stands for its listener: the first one for the port that is asked for, else the first that does more than catch connections to the listener's own. */
export function typicalChain(listener: ConfigNode, port: number | undefined): ConfigNode | undefined {
  const own = boundSocketsOf(listener)[0]?.port;
  const chains = listener.list('filter_chains');
  const portOf = (chain: ConfigNode): number | undefined => chain.get('filter_chain_match')?.number('destination_port');
  return (
    chains.find((chain) => port !== undefined && port !== own && portOf(chain) === port) ??
    chains.find((chain) => own === undefined || portOf(chain) !== own) ??
    listener.get('default_filter_chain') ??
    chains[0]
  );
}

/** The connection manager among the chain's filters. */
export function httpManagerOf(chain: ConfigNode): ConfigNode | undefined {
  for (const filter of chain.list('filters')) {
    const typed = filter.typed();
    if (typed?.type.endsWith('.HttpConnectionManager') === true) return typed.node;
  }
  return undefined;
}

/** The first address of a range; a range of everything says nothing. */
export function firstIp(ranges: readonly ConfigNode[]): string | undefined {
  for (const range of ranges) {
    const cidr = readCidr(range);
    if (cidr && cidr.bits > 0) return cidr.address.toString();
  }
  return undefined;
}

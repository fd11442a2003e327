/**
 * A proxy between us and the chosen host: the connection goes to its address, and the `http_11_proxy` transport socket asks it for the host
 * (Envoy: upstream_impl.cc maybeGetProxyRedirectAddress; transport_sockets/http_11_proxy/connect.cc; http1/codec_impl.cc for whole URLs).
 */
import { objectOfStream } from '../facts/filterStateObject';
import { formatAddress, parseIpPort, readAddress, type Address } from '../../model/address';
import { readTyped, type ConfigNode } from '../../schema/configNode';
import { keepsBack, lostField } from '../../schema/keptBack';
import type { Host } from '../cluster/discovery/host';
import type { HttpLayer, Layer } from '../facts/connection';
import { addStep, type Hop } from '../hop';
import { portStart } from '../http/hostPort';
import { say, words, type Sentence } from '../record/sentence';
import { LOST_SOCKET, type UpstreamSocket } from './readTransportSocket';

export interface ForwardProxy {
  readonly kind: 'proxy';
  readonly address: Address;
  /** `host:port` of the CONNECT; undefined: the bytes are sent as they are. */
  readonly target: string | undefined;
  /** HTTP/1 is told the whole URL. */
  readonly asksForUrl: boolean;
  readonly because: Sentence;
  readonly at: ConfigNode | undefined;
}

export type ForwardProxyAnswer = ForwardProxy | { readonly kind: 'none' } | { readonly kind: 'unknown'; readonly missing: Sentence };

const INFO_KEY = 'envoy.network.transport_socket.http_11_proxy.info';
const METADATA_KEY = 'envoy.http11_proxy_transport_socket.proxy_address';
const NONE: ForwardProxyAnswer = { kind: 'none' };

/** Filter state wins over the metadata of the endpoint, then that of its locality, then `default_proxy_address`. */
export function findForwardProxy(hop: Hop, host: { address: Address; host: Host | undefined }, socket: UpstreamSocket): ForwardProxyAnswer {
  const answer = byFilterState(hop, socket) ?? byMetadata(host, socket) ?? byDefault(host, socket) ?? NONE;
  if (answer.kind !== 'proxy' || socket.opaque !== LOST_SOCKET) return answer;
  return { kind: 'unknown', missing: say`what a proxy is asked for, which depends on ${LOST_SOCKET}` };
}

/** `TARGET[:PORT],IP:PORT`; a text of another shape makes no object (Envoy: common/network/filter_state_proxy_info.cc). */
function byFilterState(hop: Hop, { tls, http11Proxy }: UpstreamSocket): ForwardProxyAnswer | undefined {
  const state = objectOfStream(hop, INFO_KEY);
  if (!state) return undefined;
  if (state.unknown === true) return { kind: 'unknown', missing: say`the filter state ${INFO_KEY}, which names a proxy` };
  const comma = state.value.indexOf(',');
  const target = state.value.slice(0, Math.max(0, comma)).trim();
  const address = parseIpPort(state.value.slice(comma + 1).trim());
  if (target === '' || !address) return undefined;
  const asked = portStart(target) < 0 ? `${target}:443` : target;
  return {
    kind: 'proxy',
    address,
    target: http11Proxy && tls ? asked : undefined,
    asksForUrl: !tls,
    because: say`filter state ${INFO_KEY} names it`,
    at: undefined,
  };
}

/** A key whose message is no address still asks for a CONNECT, of the host itself. Where there is a default proxy, plain bytes ask for none (observed with Envoy 1.40). */
function byMetadata(
  { address, host }: { address: Address; host: Host | undefined },
  socket: UpstreamSocket,
): ForwardProxyAnswer | undefined {
  for (const metadata of [host?.metadata, host?.locality.metadata]) {
    const entry = metadata?.get('typed_filter_metadata')?.entry(METADATA_KEY);
    if (!entry) continue;
    if (keepsBack(entry)) return { kind: 'unknown', missing: say`the proxy's address in ${METADATA_KEY}, which the file leaves out` };
    const { type, node } = readTyped(entry);
    const named = type === 'envoy.config.core.v3.Address' ? readAddress(node) : undefined;
    const isAsked = socket.http11Proxy && (socket.tls || !readAddress(socket.http11Proxy.get('default_proxy_address')));
    const target = isAsked ? targetOf(address, host) : undefined;
    return {
      kind: 'proxy',
      address: named ?? address,
      target,
      asksForUrl: false,
      because: say`metadata ${METADATA_KEY} names it`,
      at: entry,
    };
  }
  return undefined;
}

/** Asked for a CONNECT by TLS alone: plain bytes go to it as they are (Envoy: connect.cc handleProxyInfoConnect). */
function byDefault(
  { address, host }: { address: Address; host: Host | undefined },
  { http11Proxy, tls }: UpstreamSocket,
): ForwardProxyAnswer | undefined {
  if (http11Proxy && lostField(http11Proxy, ['default_proxy_address']) !== undefined)
    return { kind: 'unknown', missing: words('the default_proxy_address of the transport socket, which the file leaves out') };
  const node = http11Proxy?.get('default_proxy_address');
  const named = readAddress(node);
  if (!named) return undefined;
  return {
    kind: 'proxy',
    address: named,
    target: tls ? targetOf(address, host) : undefined,
    asksForUrl: false,
    because: words('it is the default_proxy_address of the transport socket'),
    at: node,
  };
}

/** The host under its own name where it has one. */
function targetOf(address: Address, host: Host | undefined): string {
  if (host && host.hostname !== '' && address.kind === 'ip') return `${host.hostname}:${address.port}`;
  return formatAddress(address).replace(/^dns:/, '');
}

/** The CONNECT before all else that the transport socket sends. */
export function connectLayer({ target }: ForwardProxy): readonly Layer[] {
  if (target === undefined) return [];
  const layer: HttpLayer = {
    kind: 'http',
    request: { version: 'http1', method: 'CONNECT', scheme: '', authority: target, path: '', headers: [] },
    isFixed: true,
  };
  return [layer];
}

/** Says where the connection goes instead. */
export function noteForwardProxy(hop: Hop, { address, target, because, at }: ForwardProxy): void {
  const asked = target === undefined ? words('') : say`, which is asked for ${target} (CONNECT)`;
  addStep(hop, {
    stage: 'upstream',
    decision: say`the connection goes to the proxy ${formatAddress(address)}${asked}`,
    because,
    ...(at && { at }),
  });
}

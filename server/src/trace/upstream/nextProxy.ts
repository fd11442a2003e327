/** Who takes the connection at the other end: the ownership rules of the trace contract. */
import type { Capture } from '../../protocol/trace';
import type { ProxyScope } from '../../index/proxyScope';
import type { Address } from '../../model/address';
import { shortProxies, shortProxy } from '../../model/summary/shortProxy';
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack, KEPT_BACK } from '../../schema/keptBack';
import { addStep, type Arrival, type Hop, type HopResult } from '../hop';
import { sentTls, type ConnectionFacts } from '../facts/connection';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { listenersMayBeMissing } from '../listener/listenersMayBeMissing';
import { boundSocketsOf, hasCapture, listensAt, listensOnLoopback } from '../listener/boundListeners';
import { isZtunnel, ownersOf, ownersSeenFrom, type AddressOwner } from './addressOwners';
import { hiddenOwner } from './hiddenOwner';
import { differenceOf, meshPlaceOf } from './meshPlace';
import { mayBe, toldWorkload, type ToldWorkload } from './toldWorkload';
import { trustsOthers } from './trustedRoots';
import type { UpstreamSocket } from './readTransportSocket';
import { EAST_WEST_PORT, HBONE_PORT } from '../../model/istio/istioPorts';
import type { Destination } from './destination';

export interface NextContext {
  readonly destination: Pick<Destination, 'address' | 'isWaypoint'> & Partial<Pick<Destination, 'host'>>;
  /** As it is sent. */
  readonly connection: ConnectionFacts;
  readonly socket: Pick<UpstreamSocket, 'opaque' | 'internal'> & Partial<Pick<UpstreamSocket, 'tls'>>;
  readonly protocol: 'tcp' | 'http';
}

type IpAddress = Extract<Address, { kind: 'ip' }>;

/** On to an open proxy, or `upstream`: the connection leaves for an address that no file owns. */
export function enterNextProxy(hop: Hop, context: NextContext): HopResult {
  const { address, host } = context.destination;
  if (address.kind === 'dns' && address.host === KEPT_BACK) return cannotTell(words("the endpoint's address, which the dump keeps back"));
  const told = toldWorkload(hop, host);
  const found = address.kind === 'ip' ? ownerOf(hop, address, told) : undefined;
  const hidden = !found && address.kind === 'ip' ? hiddenOwner(hop, address, told) : undefined;
  if (hidden) return cannotTell(hidden);
  if (!found || address.kind !== 'ip') return leave(hop, { because: whyNobody(hop, address, told), unseen: unseenAt(context) });
  if (found.kind === 'ambiguous') return cannotTell(found.missing);
  if (found.kind === 'application') return leave(hop, { because: found.because, unseen: undefined });
  const { tls } = context.socket;
  if (tls && hidesHello(tls))
    return cannotTell(say`the TLS context on the way to ${shortProxy(found.proxy.id)}, of which the file leaves out a part`);
  if (context.socket.opaque !== undefined)
    return cannotTell(say`what ${context.socket.opaque} does to the bytes on the way to ${shortProxy(found.proxy.id)}`);
  addStep(hop, { stage: 'next_proxy', decision: say`the connection reaches ${shortProxy(found.proxy.id)}`, because: found.because });
  return { kind: 'onward', arrival: arrivalAt(found, context.connection) };
}

const CERTIFICATES = ['tls_certificates', 'tls_certificate_sds_secret_configs'];

/** Server name, protocols or certificates that are offered. */
function hidesHello(tls: ConfigNode): boolean {
  const common = tls.get('common_tls_context');
  const protocols = common?.get('alpn_protocols');
  const isCut = [tls, common, ...CERTIFICATES.map((field) => common?.get(field))].some((part) => part?.isIncomplete === true);
  return isCut || tls.string('sni') === KEPT_BACK || (protocols !== undefined && keepsBack(protocols));
}

/** Which way the connection that this hop serves was intercepted, also behind internal listeners. */
export function originOf({ arrival, listener }: Hop): Capture | undefined {
  if (arrival.kind === 'internal') return arrival.origin;
  if (arrival.kind === 'ztunnel') return arrival.direction === 'outbound' ? 'outbound' : 'inbound';
  if (arrival.capture !== 'none') return arrival.capture;
  if (!listener) return undefined;
  const isHbone = boundSocketsOf(listener).some(({ port }) => port === HBONE_PORT);
  return listener.isEnum('traffic_direction', 'INBOUND', 1) || isHbone ? 'inbound' : undefined;
}

export type NextOwner =
  | { readonly kind: 'ambiguous'; readonly missing: Sentence }
  | { readonly kind: 'application'; readonly because: Sentence }
  | { readonly kind: 'proxy'; readonly proxy: ProxyScope; readonly way: Capture | 'hbone'; readonly because: Sentence };

/** Who stands at an address; undefined: no open file tells. */
export function ownerOf(hop: Hop, address: IpAddress, told?: ToldWorkload): NextOwner | undefined {
  if (listensOnLoopback(hop.proxy, address))
    return {
      kind: 'proxy',
      proxy: hop.proxy,
      way: 'none',
      because: say`the loopback is its own, and a listener of it is bound to port ${address.port}`,
    };
  const owners = ownersSeenFrom(hop.proxy, address.ip, ownersOf(hop.snapshot, address.ip), told);
  // Proxies in the network of their Kubernetes node share its IP, not its ports.
  const bound = owners.length > 1 ? owners.filter(({ proxy }) => listensAt(proxy, address)) : owners;
  const [owner, another] = bound.length > 0 ? bound : owners;
  if (!owner) return undefined;
  if (another)
    return {
      kind: 'ambiguous',
      missing: say`whose address ${address.ip} is: several open dumps have it (${shortProxies(owners.map(({ proxy }) => proxy.id))}); open the dumps of one mesh only`,
    };
  if (owner.proxy === hop.proxy && originOf(hop) === 'inbound')
    return {
      kind: 'application',
      because:
        owner.kind === 'self'
          ? words("it is the proxy's own pod: the application")
          : words('it is a workload of the own node: the application'),
    };
  const next = isZtunnel(owner.proxy) && owner.kind === 'workload' ? atZtunnel(owner, address) : atProxy(owner, address);
  if (next.kind !== 'application') return next;
  const missing = listenersMayBeMissing(owner.proxy, say`who takes connections to ${address.ip}`);
  return missing ? { kind: 'ambiguous', missing } : next;
}

/** An open dump may have the address in another mesh or network, where it is another's. */
function whyNobody(hop: Hop, address: Address, told: ToldWorkload | undefined): Sentence {
  const [stranger] = address.kind === 'ip' ? ownersOf(hop.snapshot, address.ip) : [];
  if (stranger && told && address.kind === 'ip' && !mayBe(stranger, address.ip, told))
    return say`the endpoint is ${told.name} of namespace ${told.namespace} in cluster ${told.cluster}, and ${shortProxy(stranger.proxy.id)} with this address is not`;
  if (stranger && trustsOthers(hop.proxy, stranger.proxy))
    return say`no open file of its mesh owns this address; ${shortProxy(stranger.proxy.id)} has it in a mesh with other root certificates`;
  const difference = stranger && differenceOf(meshPlaceOf(hop.proxy), meshPlaceOf(stranger.proxy));
  if (!stranger || !difference) return words('no open file owns this address');
  return say`no open file of its ${words(difference)} owns this address; ${shortProxy(stranger.proxy.id)} has it in ${words(difference)} ${meshPlaceOf(stranger.proxy)[difference]}`;
}

/** HBONE's own port, else plain text. */
function atZtunnel({ proxy }: AddressOwner, { ip, port }: IpAddress): NextOwner {
  if (port === HBONE_PORT)
    return {
      kind: 'proxy',
      proxy,
      way: proxy.ztunnel ? 'hbone' : 'none',
      because: say`${ip} is a workload of its node, and port ${port} is HBONE`,
    };
  if (!proxy.ztunnel && !hasCapture(proxy, 'inbound', ip))
    return { kind: 'application', because: say`${ip} is a workload whose inbound connections nobody intercepts` };
  return { kind: 'proxy', proxy, way: 'inbound', because: say`${ip} is a workload of its node; inbound connections are intercepted` };
}

/** A listener bound to that very port takes it; else it is intercepted, where the pod does that. */
function atProxy({ proxy }: AddressOwner, address: IpAddress): NextOwner {
  if (listensAt(proxy, address))
    return {
      kind: 'proxy',
      proxy,
      way: 'none',
      because: say`it has the address ${address.ip}, and a listener is bound to port ${address.port}`,
    };
  if (hasCapture(proxy, 'inbound', address.ip))
    return { kind: 'proxy', proxy, way: 'inbound', because: say`it has the address ${address.ip}; inbound connections are intercepted` };
  return {
    kind: 'application',
    because: say`the address is that of ${shortProxy(proxy.id)}, which neither listens on port ${address.port} nor intercepts`,
  };
}

function arrivalAt({ proxy, way }: Extract<NextOwner, { kind: 'proxy' }>, connection: ConnectionFacts): Arrival {
  if (proxy.ztunnel)
    return { kind: 'ztunnel', proxy, direction: way === 'hbone' ? 'hbone' : way === 'outbound' ? 'outbound' : 'inbound', connection };
  return { kind: 'socket', proxy, capture: way === 'hbone' ? 'none' : way, connection };
}

function leave(hop: Hop, { because, unseen }: { because: Sentence; unseen: Sentence | undefined }): HopResult {
  const { endpoint } = hop.record;
  if (unseen && endpoint) hop.record.endpoint = { ...endpoint, unseen };
  addStep(hop, {
    stage: 'next_proxy',
    decision: unseen ? say`the connection leaves; probably ${unseen} takes it` : words('the connection leaves'),
    because,
  });
  return ending('upstream');
}

/** HBONE and Istio's mTLS are spoken by proxies: one stands there whose dump is not open. */
function unseenAt({ destination: { address, isWaypoint }, connection: { layers } }: NextContext): Sentence | undefined {
  if (address.kind !== 'ip') return undefined;
  if (address.port === HBONE_PORT)
    return isWaypoint === true ? words(`waypoint ${address.ip} (HBONE)`) : words(`ztunnel of ${address.ip} (HBONE)`);
  const top = sentTls({ layers });
  // Istio: pilot/pkg/serviceregistry, the default port of a gateway between networks.
  if (address.port === EAST_WEST_PORT && top?.sni.startsWith('outbound_.')) return words(`east-west gateway ${address.ip} (mTLS)`);
  const isIstio = top !== undefined && (top.alpn.some((protocol) => protocol.startsWith('istio')) || top.sni.startsWith('outbound_.'));
  return isIstio ? words(`sidecar of ${address.ip} (mTLS)`) : undefined;
}

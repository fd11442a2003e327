/** What is sent to the chosen host, and where it arrives: transport socket, HTTP version, PROXY protocol, then the next listener or proxy. */
import type { TraceUpstream } from '../../protocol/trace';
import { formatAddress } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import { breakCircuit } from '../cluster/circuitBreaker';
import type { Host } from '../cluster/discovery/host';
import { newConnection, sentTls, type ConnectionFacts, type Layer } from '../facts/connection';
import { NotKnown } from '../facts/notKnown';
import { metadataOf } from '../facts/metadataValue';
import { addStep, type Hop, type HopResult } from '../hop';
import type { ChosenUpstream } from '../httpStream';
import { localReply } from '../http/localReply/localReply';
import { connectionOnWire } from '../facts/connectionOnWire';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';
import { chooseTransportSocket } from './chooseTransportSocket';
import { connectLayer, findForwardProxy, noteForwardProxy, type ForwardProxy } from './forwardProxy';
import { upstreamHttp, type UpstreamHttp } from '../cluster/httpVersion';
import { enterInternalListener } from './internalConnection';
import { enterNextProxy } from './nextProxy';
import { LOST_SOCKET, readTransportSocket, type UpstreamSocket } from './readTransportSocket';
import { refuseToSend } from './refuseToSend';
import { matchScheme } from './matchScheme';
import { sourceOf } from './sourceOf';
import { runUpstreamHttpFilters } from './upstreamHttpFilters';
import { addUpstreamStep } from './addUpstreamStep';
import { layersTo } from './layersTo';
import type { Destination } from './destination';
import type { ForwardTarget } from '../cluster/forwardTarget';

/** Fills `record.upstream` and goes on: into an internal listener, to the next open proxy, or out of sight. */
export function sendUpstream(hop: Hop, destination: Destination, asked: ForwardTarget): HopResult {
  const { address, host } = destination;
  if (hop.http) hop.http.chosen = { address, host, version: undefined, isTls: false, sni: undefined };
  const broken = breakCircuit(hop, destination.cluster, asked.protocol) ?? refuseBody(hop);
  if (broken) return broken;
  const choice = chooseTransportSocket(hop, destination.cluster, destination.host);
  const socket = readTransportSocket(choice.kind === 'unknown' ? undefined : choice.node);
  const prepared = runUpstreamHttpFilters(hop, destination.cluster, matchScheme(hop, asked, socket));
  if (prepared.kind === 'result') return prepared.result;
  if (choice.kind === 'unknown') return cannotTell(choice.missing);
  const { target } = prepared;
  const speaksHttp = target.terminatesConnect !== true && (target.protocol === 'http' || target.tunnels === true);
  const options = destination.cluster.get('typed_extension_protocol_options');
  if (speaksHttp && options && keepsBack(options))
    return cannotTell(say`which HTTP cluster ${destination.cluster.string('name')} speaks: the file leaves out its protocol options`);
  const proxy = findForwardProxy(hop, destination, socket);
  if (proxy.kind === 'unknown') return cannotTell(proxy.missing);
  const http = speaksHttp ? agreed(upstreamHttp(destination.cluster, versionOnTop(hop, target)), socket) : undefined;
  const asksForUrl = proxy.kind === 'proxy' && proxy.asksForUrl;
  const connection = connectionTo(hop, destination, { socket, layers: layersTo(hop, destination, { socket, http, target, asksForUrl }) });
  if (hop.http) hop.http.chosen = chosenUpstream(connection, { destination, http });
  const invalid = refuseToSend(hop, connection);
  if (invalid) return invalid;
  hop.record.upstream = upstreamRecord(connection, { socket, target });
  addUpstreamStep(hop, connection, { choice, socket, http, at: choice.node ?? destination.cluster });
  const sent = proxy.kind === 'proxy' ? throughProxy(hop, { destination, connection, proxy }) : { destination, connection };
  const context = { ...sent, socket, protocol: target.protocol };
  return sent.destination.address.kind === 'internal' ? enterInternalListener(hop, context) : enterNextProxy(hop, context);
}

/** The body comes after the headers, and before any host has answered. */
function refuseBody(hop: Hop): HopResult | undefined {
  const refusal = hop.http?.bodyRefusal;
  if (!refusal) return undefined;
  const { disposition, ...reply } = refusal;
  addStep(hop, {
    stage: 'http_filter',
    decision: say`a filter answers the body with ${reply.code}`,
    because: say`${reply.body || reply.details}`,
  });
  return localReply(hop, disposition, reply);
}

interface Sending {
  readonly destination: Destination;
  readonly connection: ConnectionFacts;
}

/** The same bytes behind the proxy's CONNECT, on a connection to the proxy. */
function throughProxy(hop: Hop, { destination, connection, proxy }: Sending & { readonly proxy: ForwardProxy }): Sending {
  noteForwardProxy(hop, proxy);
  const connect = connectLayer(proxy);
  const { upstream } = hop.record;
  if (upstream) hop.record.upstream = { ...upstream, ...proxyRecord(proxy, upstream) };
  const layers = [...connect, ...connection.layers];
  return {
    destination: { cluster: destination.cluster, address: proxy.address, host: undefined },
    connection: { ...connection, destination: proxy.address, layers },
  };
}

function proxyRecord({ address, target }: ForwardProxy, { tunnel }: TraceUpstream): Pick<TraceUpstream, 'through' | 'tunnel'> {
  const connect =
    target === undefined || tunnel ? tunnel : { method: 'CONNECT', authority: target, path: '', version: 'http1', headers: [] };
  return { through: formatAddress(address), ...(connect && { tunnel: connect }) };
}

/** Where the TLS context offers no `h2` of its own, HTTP/1.1 is what `auto_config` comes to. */
function agreed(http: UpstreamHttp, { tls }: UpstreamSocket): UpstreamHttp {
  const offered = tls?.get('common_tls_context')?.list('alpn_protocols') ?? [];
  if (!http.isNegotiated || offered.length === 0 || offered.some((name) => name.asString() === 'h2')) return http;
  return { ...http, version: 'http1', isNegotiated: false };
}

/** For `use_downstream_protocol_config`: the client's version, as its connection manager read it. */
function versionOnTop(hop: Hop, { layers }: ForwardTarget): string | undefined {
  const known = hop.record.protocol;
  if (known !== undefined && known !== 'tcp') return known;
  const top = layers[0];
  return top?.kind === 'http' ? top.request.version : undefined;
}

/** A fresh connection: only an internal one brings metadata and filter state along. */
function connectionTo(
  hop: Hop,
  { cluster, address, host }: Destination,
  { socket, layers }: { socket: UpstreamSocket; layers: readonly Layer[] },
): ConnectionFacts {
  const isInternal = address.kind === 'internal';
  const source = isInternal ? undefined : sourceOf(hop, cluster, address);
  return newConnection({
    destination: address,
    source,
    layers,
    ...(isInternal && socket.internal && passedOn(hop, { internal: socket.internal, cluster, host })),
  });
}

/** `internal_upstream`: metadata of the host and of the cluster by name; filter state that is shared with the upstream connection (config.cc). */
function passedOn(
  hop: Hop,
  { internal, cluster, host }: { internal: ConfigNode; cluster: ConfigNode; host: Host | undefined },
): Pick<ConnectionFacts, 'metadata' | 'filterState'> {
  const metadata = new Map<string, unknown>();
  for (const each of internal.list('passthrough_metadata')) {
    const kind = each.get('kind');
    const holder = kind?.has('cluster') ? cluster.get('metadata') : kind?.has('host') ? host?.metadata : undefined;
    const name = each.string('name');
    const isLost = each.isIncomplete || kind?.isIncomplete === true;
    const value = isLost ? new NotKnown(say`whose metadata ${name} is passed on: the file leaves it out`) : metadataOf(holder, name);
    if (value !== undefined) metadata.set(name, value);
  }
  const filterState: ConnectionFacts['filterState'] = new Map();
  for (const [key, state] of hop.http?.filterState ?? hop.connection.filterState)
    if (state.shared !== 'none') filterState.set(key, { ...state, shared: state.shared === 'transitive' ? 'transitive' : 'none' });
  return { metadata, filterState };
}

function upstreamRecord(connection: ConnectionFacts, { socket, target }: { socket: UpstreamSocket; target: ForwardTarget }): TraceUpstream {
  const { http, transport: onWire, ...wire } = connectionOnWire(connection);
  const transport = socket.internal && !socket.tls ? 'internal_upstream' : (socket.opaque ?? onWire);
  const tls = sentTls(connection);
  const peers = socket.tls ? (tls?.expects ?? []).map(({ text }) => text) : [];
  return {
    ...wire,
    ...(transport === LOST_SOCKET ? { unknown: ['transport'] } : transport !== undefined && { transport }),
    ...(target.tunnels === true ? tunnelRecord(http) : http && { http }),
    ...(peers.length > 0 && { expectedPeers: peers }),
  };
}

function tunnelRecord(http: TraceUpstream['http']): Pick<TraceUpstream, 'tunnel'> {
  if (!http) return {};
  const { method, authority, path, version, headers, unknownHeaders } = http;
  return { tunnel: { method, authority, path, version, headers, ...(unknownHeaders && { unknownHeaders }) } };
}

function chosenUpstream(
  { layers }: ConnectionFacts,
  { destination, http }: { destination: Destination; http: UpstreamHttp | undefined },
): ChosenUpstream {
  const tls = sentTls({ layers });
  const version = http?.isNegotiated === true ? undefined : http?.version;
  return { address: destination.address, host: destination.host, version, isTls: tls !== undefined, sni: tls?.sni };
}

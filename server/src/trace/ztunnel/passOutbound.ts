/** A connection of a workload on its way out: straight, in an HBONE tunnel, to a waypoint, or through a network gateway (istio/ztunnel: src/proxy/outbound.rs build_request). */
import { formatAddress, joinHostPort, type Address } from '../../model/address';
import type { GatewayAddress, ZtunnelModel, ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel';
import { newConnection, type Layer } from '../facts/connection';
import type { HttpRequest } from '../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../hop';
import { connectionOnWire } from '../record/connectionOnWire';
import { cannotTell, ending, type Ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { enterNextProxy } from '../upstream/nextProxy';
import { chooseGateway, chooseUpstream, type ZtunnelUpstream } from './chooseUpstream';
import { findAddress, findGateway, findWorkload } from './findAddress';

type IpAddress = Extract<Address, { kind: 'ip' }>;

const HBONE_PORT = 15008;

interface Outbound {
  readonly model: ZtunnelModel;
  readonly target: IpAddress;
  readonly source: ZtunnelWorkload | undefined;
}

/** Ends with the next hop, or with why there is none. */
export function passOutbound(hop: Hop, model: ZtunnelModel, target: IpAddress): HopResult {
  const source = clientOf(hop, model);
  hop.record.protocol = 'tcp';
  const outbound: Outbound = { model, target, source };
  const found = findAddress(model, { network: model.network, ip: target.ip }, source?.namespace);
  const service = found?.kind === 'service' ? found.service : undefined;
  if (service)
    addStep(hop, {
      stage: 'service',
      decision: say`service ${service.hostname} is asked for`,
      because: say`${target.ip} is its address`,
      at: service.node,
    });
  const viaWaypoint = service ? throughServiceWaypoint(hop, outbound, service) : undefined;
  if (viaWaypoint) return viaWaypoint;
  const choice = chooseUpstream(hop, model, {
    target: { network: model.network, ip: target.ip, port: target.port },
    source,
    mode: 'standard',
  });
  if (choice.kind === 'none') return noUpstream(hop, choice);
  if (choice.kind === 'passthrough') return passThrough(hop, outbound, choice.because);
  return toWorkload(hop, outbound, { upstream: choice.upstream, service });
}

/** The workload whose address is the connection's source. */
function clientOf(hop: Hop, model: ZtunnelModel): ZtunnelWorkload | undefined {
  const ip = hop.connection.source?.ip;
  const source = ip === undefined ? undefined : findWorkload(model, { network: model.network, ip });
  if (source)
    addStep(hop, {
      stage: 'workload',
      decision: say`workload ${source.name} sends`,
      because: say`it has the address ${ip}`,
      at: source.node,
    });
  return source;
}

function throughServiceWaypoint(hop: Hop, outbound: Outbound, service: ZtunnelService): HopResult | undefined {
  const weighted = service.weightedWaypoints.filter(({ weight }) => weight > 0);
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const options = weighted.map(({ gateway, weight }) => ({
    value: gateway.node.string('destination'),
    probability: weight / total,
    at: gateway.node,
  }));
  const gateway = weighted.length > 0 ? weighted[hop.choices.choose('weight', options)]?.gateway : service.waypoint;
  if (!gateway) return undefined;
  const { source } = outbound;
  const choice = chooseWaypoint(hop, outbound, gateway);
  if (choice.kind !== 'upstream') return noUpstream(hop, choice);
  if (source && choice.upstream.workload.network !== source.network)
    return throughNetworkGateway(hop, outbound, { upstream: choice.upstream, service });
  return throughWaypoint(hop, outbound, { upstream: choice.upstream, because: say`service ${service.hostname} has a waypoint`, service });
}

type WaypointChoice =
  | { readonly kind: 'upstream'; readonly upstream: ZtunnelUpstream }
  | { readonly kind: 'none'; readonly because: Sentence; readonly service?: ZtunnelService };

/** The instance of a waypoint that gets the destination which the client asked for. */
function chooseWaypoint(hop: Hop, { target, source, model }: Outbound, gateway: GatewayAddress): WaypointChoice {
  const asked = { network: model.network, ip: target.ip, port: target.port };
  const choice = chooseGateway(hop, model, gateway, { target: asked, source, mode: 'waypoint' });
  if (choice?.kind === 'upstream' || choice?.kind === 'none') return choice;
  return { kind: 'none', because: say`waypoint ${gateway.node.string('destination')} is not in the dump` };
}

interface ChosenUpstream {
  readonly upstream: ZtunnelUpstream;
  readonly service: ZtunnelService | undefined;
}

/** Always HBONE; the authority is what the client asked for. */
function throughWaypoint(hop: Hop, outbound: Outbound, { upstream, because, service }: ChosenUpstream & { because: Sentence }): HopResult {
  const { workload, ip, port } = upstream;
  if (ip === undefined) return cannotTell(say`the address of waypoint ${workload.name}: it has a host name only`);
  addStep(hop, { stage: 'service', decision: say`the connection goes to waypoint ${workload.name}`, because, at: workload.node });
  const tunnel = [connectLayer(joinHostPort(outbound.target.ip, outbound.target.port))];
  return send(hop, outbound, {
    address: { kind: 'ip', ip, port },
    tunnel,
    peers: identitiesOf(upstream, service),
    workload,
    isWaypoint: true,
  });
}

function toWorkload(hop: Hop, outbound: Outbound, { upstream, service }: ChosenUpstream): HopResult {
  const { workload, port, ip } = upstream;
  const { source, model } = outbound;
  if (source && workload.network !== source.network) return throughNetworkGateway(hop, outbound, { upstream, service });
  const gateway = service || isFrom(model, workload, source) ? undefined : workload.waypoint;
  if (gateway) {
    const choice = chooseWaypoint(hop, outbound, gateway);
    if (choice.kind !== 'upstream') return noUpstream(hop, choice);
    return throughWaypoint(hop, outbound, { upstream: choice.upstream, because: say`workload ${workload.name} has a waypoint`, service });
  }
  if (ip === undefined)
    return cannotTell(say`the address of workload ${workload.name}: its host name ${workload.hostname} is resolved at run time`);
  const peers = identitiesOf(upstream, service);
  if (workload.protocol === 'TCP') return send(hop, outbound, { address: { kind: 'ip', ip, port }, tunnel: [], peers: [], workload });
  return send(hop, outbound, {
    address: { kind: 'ip', ip, port: HBONE_PORT },
    tunnel: [connectLayer(joinHostPort(ip, port))],
    peers,
    workload,
  });
}

/** Traffic that comes from the workload's own waypoint does not go there again. */
function isFrom(model: ZtunnelModel, workload: ZtunnelWorkload, source: ZtunnelWorkload | undefined): boolean {
  const found = workload.waypoint && findGateway(model, workload.waypoint);
  if (!found || !source) return false;
  if (found.kind === 'workload') return found.workload.uid === source.uid;
  return found.service.endpoints.some(({ workloadUid }) => workloadUid === source.uid);
}

/** Another network: double HBONE through its gateway; the inner tunnel names the service. */
function throughNetworkGateway(hop: Hop, outbound: Outbound, { upstream, service }: ChosenUpstream): HopResult {
  const { workload } = upstream;
  const { target, source, model } = outbound;
  const gateway = workload.networkGateway;
  if (!gateway || !service)
    return noUpstream(hop, { because: say`workload ${workload.name} is in network ${workload.network}, and no gateway leads there` });
  const choice = chooseGateway(hop, model, gateway, {
    target: { network: model.network, ip: target.ip, port: target.port },
    source,
    mode: 'standard',
  });
  if (choice?.kind !== 'upstream' || choice.upstream.ip === undefined)
    return noUpstream(hop, { because: say`network gateway ${gateway.node.string('destination')} is not in the dump` });
  const through = choice.upstream;
  addStep(hop, {
    stage: 'service',
    decision: say`the connection goes through network gateway ${through.workload.name}`,
    because: say`workload ${workload.name} is in network ${workload.network}`,
    at: gateway.node,
  });
  const connect = connectLayer(`${service.hostname}:${target.port}`);
  const inner = tlsLayer(source, service.subjectAltNames);
  return send(hop, outbound, {
    address: { kind: 'ip', ip: choice.upstream.ip, port: through.port },
    tunnel: [connect, inner, connect],
    peers: identitiesOf(through, undefined),
    workload: through.workload,
  });
}

/** Services' own names and the workload's identity (workload_and_services_san). */
function identitiesOf({ workload, service }: ZtunnelUpstream, asked: ZtunnelService | undefined): string[] {
  return [...((service ?? asked)?.subjectAltNames ?? []), workload.identity];
}

function passThrough(hop: Hop, outbound: Outbound, because: Sentence): HopResult {
  addStep(hop, { stage: 'service', decision: words('the connection is passed on as it is'), because });
  return send(hop, outbound, { address: outbound.target, tunnel: [], peers: [], workload: undefined });
}

function noUpstream(hop: Hop, { because, service }: { because: Sentence; service?: ZtunnelService }): Ending {
  addStep(hop, { stage: 'service', decision: words('ztunnel closes the connection'), because, ...(service && { at: service.node }) });
  return ending('no_endpoint', { details: 'no healthy upstream' });
}

function connectLayer(authority: string): Layer {
  const request: HttpRequest = { version: 'http2', method: 'CONNECT', scheme: '', authority, path: '', headers: [] };
  return { kind: 'http', request };
}

function tlsLayer(source: ZtunnelWorkload | undefined, _peers: readonly string[]): Layer {
  return {
    kind: 'tls',
    quic: false,
    sni: '',
    alpn: ['h2'],
    principals: source ? [source.identity] : [],
    ...(!source && { hasUnknownPrincipals: true }),
  };
}

interface Sending {
  readonly address: IpAddress;
  /** [] for plain TCP; else the CONNECT and what lies between it and the client's bytes. */
  readonly tunnel: readonly Layer[];
  readonly peers: readonly string[];
  readonly workload: ZtunnelWorkload | undefined;
  readonly isWaypoint?: boolean;
}

/** The client's address is kept as the source. */
function send(hop: Hop, { source }: Outbound, { address, tunnel, peers, workload, isWaypoint }: Sending): HopResult {
  const layers: readonly Layer[] =
    tunnel.length === 0 ? hop.connection.layers : [tlsLayer(source, peers), ...tunnel, ...hop.connection.layers];
  const connection = newConnection({ destination: address, source: hop.connection.source, layers });
  hop.record.endpoint = { address, ...(workload && { health: workload.isHealthy ? 'HEALTHY' : 'UNHEALTHY' }) };
  const { http, ...wire } = connectionOnWire(connection);
  const connect = http && { method: http.method, authority: http.authority, path: http.path, version: http.version, headers: http.headers };
  hop.record.upstream =
    tunnel.length === 0
      ? { ...wire, ...(http && { http }) }
      : { ...wire, ...(connect && { tunnel: connect }), ...(peers.length > 0 && { expectedPeers: [...peers] }) };
  addStep(hop, {
    stage: 'endpoint',
    decision: say`the connection goes to ${formatAddress(address)}`,
    because:
      tunnel.length === 0
        ? words('as plain TCP')
        : say`in an HBONE tunnel, as ${source?.identity ?? words('the client whose identity the dump does not tell')}`,
    ...(workload && { at: workload.node }),
  });
  return enterNextProxy(hop, {
    destination: { address, ...(isWaypoint && { isWaypoint }) },
    connection,
    socket: { opaque: undefined, internal: undefined },
    protocol: 'tcp',
  });
}

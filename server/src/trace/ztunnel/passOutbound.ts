/** A connection of a workload on its way out: straight, in an HBONE tunnel, to a waypoint, or through a network gateway (istio/ztunnel: src/proxy/outbound.rs build_request). */
import { joinHostPort, type Address } from '../../model/address';
import type { GatewayAddress, ZtunnelModel, ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell, ending, type Ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { chooseGateway, chooseUpstream, type ZtunnelUpstream } from './chooseUpstream';
import { findAddress, findGateway, findWorkload } from './findAddress';
import { callsItself, refuseSelfCall } from './selfCall';
import { connectLayer, sendToPeer, tlsLayer } from './sendToPeer';

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
  if (callsItself(target.port) && isLoopback(target.ip)) return refuseSelfCall(hop, target.port);
  const outbound: Outbound = { model, target, source };
  const found = findAddress(model, { network: model.network, ip: target.ip }, source?.namespace);
  const service = found?.kind === 'service' ? found.service : undefined;
  if (service) hop.record.service = service.hostname;
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
  if (choice.kind === 'unknown') return cannotTell(choice.missing);
  if (choice.kind === 'none') return noUpstream(hop, choice, 'no healthy upstream');
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
  if (choice.kind === 'unknown') return cannotTell(choice.missing);
  if (choice.kind === 'none') return noUpstream(hop, choice, 'unknown waypoint');
  if (source && choice.upstream.workload.network !== source.network)
    return throughNetworkGateway(hop, outbound, { upstream: choice.upstream, service });
  return throughWaypoint(hop, outbound, { upstream: choice.upstream, because: say`service ${service.hostname} has a waypoint`, service });
}

type WaypointChoice =
  | { readonly kind: 'upstream'; readonly upstream: ZtunnelUpstream }
  | { readonly kind: 'unknown'; readonly missing: Sentence }
  | { readonly kind: 'none'; readonly because: Sentence; readonly service?: ZtunnelService };

/** The instance of a waypoint that gets the destination which the client asked for. */
function chooseWaypoint(hop: Hop, { target, source, model }: Outbound, gateway: GatewayAddress): WaypointChoice {
  const asked = { network: model.network, ip: target.ip, port: target.port };
  const choice = chooseGateway(hop, model, gateway, { target: asked, source, mode: 'waypoint' });
  if (choice && choice.kind !== 'passthrough') return choice;
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
  return sendToPeer(hop, {
    model: outbound.model,
    source: outbound.source,
    address: { kind: 'ip', ip, port },
    tunnel,
    peers: identitiesOf(upstream, service),
    workload,
    through: 'waypoint',
  });
}

function toWorkload(hop: Hop, outbound: Outbound, { upstream, service }: ChosenUpstream): HopResult {
  const { workload, port, ip } = upstream;
  const { source, model } = outbound;
  if (source && workload.network !== source.network) return throughNetworkGateway(hop, outbound, { upstream, service });
  const gateway = service || isFrom(model, workload, source) ? undefined : workload.waypoint;
  if (gateway) {
    const choice = chooseWaypoint(hop, outbound, gateway);
    if (choice.kind === 'unknown') return cannotTell(choice.missing);
    if (choice.kind === 'none') return noUpstream(hop, choice, 'unknown waypoint');
    return throughWaypoint(hop, outbound, { upstream: choice.upstream, because: say`workload ${workload.name} has a waypoint`, service });
  }
  if (ip === undefined)
    return cannotTell(say`the address of workload ${workload.name}: its host name ${workload.hostname} is resolved at run time`);
  const peers = identitiesOf(upstream, service);
  if (workload.protocol === 'TCP')
    return sendToPeer(hop, {
      model: outbound.model,
      source: outbound.source,
      address: { kind: 'ip', ip, port },
      tunnel: [],
      peers: [],
      workload,
    });
  return sendToPeer(hop, {
    model: outbound.model,
    source: outbound.source,
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
    return noUpstream(
      hop,
      { because: say`workload ${workload.name} is in network ${workload.network}, and no gateway leads there` },
      service ? 'no valid routing destination' : 'no service for target address',
    );
  const choice = chooseGateway(hop, model, gateway, {
    target: { network: model.network, ip: target.ip, port: target.port },
    source,
    mode: 'standard',
  });
  if (choice?.kind === 'unknown') return cannotTell(choice.missing);
  if (choice?.kind !== 'upstream' || choice.upstream.ip === undefined)
    return noUpstream(
      hop,
      { because: say`network gateway ${gateway.node.string('destination')} is not in the dump` },
      'unknown network gateway',
    );
  const through = choice.upstream;
  addStep(hop, {
    stage: 'service',
    decision: say`the connection goes through network gateway ${through.workload.name}`,
    because: say`workload ${workload.name} is in network ${workload.network}`,
    at: gateway.node,
  });
  const connect = connectLayer(`${service.hostname}:${target.port}`);
  const inner = tlsLayer(source);
  return sendToPeer(hop, {
    model: outbound.model,
    source: outbound.source,
    address: { kind: 'ip', ip: choice.upstream.ip, port: through.port },
    tunnel: [connect, inner, connect],
    peers: identitiesOf(through, undefined),
    workload: through.workload,
    through: 'network_gateway',
  });
}

/** Services' own names and the workload's identity (workload_and_services_san). */
function identitiesOf({ workload, service }: ZtunnelUpstream, asked: ZtunnelService | undefined): string[] {
  return [...((service ?? asked)?.subjectAltNames ?? []), workload.identity];
}

function passThrough(hop: Hop, outbound: Outbound, because: Sentence): HopResult {
  addStep(hop, { stage: 'service', decision: words('the connection is passed on as it is'), because });
  return sendToPeer(hop, {
    model: outbound.model,
    source: outbound.source,
    address: outbound.target,
    tunnel: [],
    peers: [],
    workload: undefined,
  });
}

/** `details`: the error in ztunnel's own words (src/proxy.rs). */
function noUpstream(hop: Hop, { because, service }: { because: Sentence; service?: ZtunnelService }, details: string): Ending {
  addStep(hop, { stage: 'service', decision: words('ztunnel closes the connection'), because, ...(service && { at: service.node }) });
  return ending('no_endpoint', { details });
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.');
}

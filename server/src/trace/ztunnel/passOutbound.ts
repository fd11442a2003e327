/** A connection of a workload on its way out: straight, in an HBONE tunnel, to a waypoint, or through a network gateway (istio/ztunnel: src/proxy/outbound.rs build_request). */
import { joinHostPort, type Address } from '../../model/address';
import type { ZtunnelModel, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { chooseUpstream } from './chooseUpstream';
import { findAddress, findGateway, findWorkload } from './findAddress';
import { addressOf, identitiesOf, noUpstream, nowhere, type ChosenUpstream, type Outbound } from './outbound';
import { callsItself, refuseSelfCall } from './selfCall';
import { connectLayer, sendToPeer } from './sendToPeer';
import { throughNetworkGateway } from './throughNetworkGateway';
import { throughServiceWaypoint, throughWorkloadWaypoint } from './throughWaypoint';
import { HBONE_PORT } from '../../model/istio/istioPorts';

/** Ends with the next hop, or with why there is none. */
export function passOutbound(hop: Hop, model: ZtunnelModel, target: Extract<Address, { kind: 'ip' }>): HopResult {
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

function toWorkload(hop: Hop, outbound: Outbound, { upstream, service }: ChosenUpstream): HopResult {
  const { workload, port, ip } = upstream;
  const { source, model } = outbound;
  if (source && workload.network !== source.network) return throughNetworkGateway(hop, outbound, { upstream, service });
  const asksForService = service !== undefined && !model.knowsWorkloadWaypointsOnly;
  if (workload.waypoint && !asksForService && !isFrom(model, workload, source))
    return throughWorkloadWaypoint(hop, outbound, workload.waypoint, { upstream, service });
  const isPlain = workload.protocol === 'TCP';
  const address = addressOf(upstream, isPlain ? port : HBONE_PORT);
  if (!address) return nowhere(hop, upstream);
  if (isPlain) return sendToPeer(hop, { model, source, address, tunnel: [], peers: [], workload });
  if (ip === undefined)
    return cannotTell(say`the address of workload ${workload.name}: its host name ${workload.hostname} is resolved at run time`);
  return sendToPeer(hop, {
    ...{ model, source, workload, address },
    tunnel: [connectLayer(joinHostPort(ip, port))],
    peers: identitiesOf(upstream),
  });
}

/** Traffic that comes from the workload's own waypoint does not go there again. */
function isFrom(model: ZtunnelModel, workload: ZtunnelWorkload, source: ZtunnelWorkload | undefined): boolean {
  const found = workload.waypoint && findGateway(model, workload.waypoint);
  if (!found || !source) return false;
  if (found.kind === 'workload') return found.workload.uid === source.uid;
  return found.service.endpoints.some(({ workloadUid }) => workloadUid === source.uid);
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

function isLoopback(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.');
}

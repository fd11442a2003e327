/** Out of a node through a waypoint, of the service or of the workload (istio/ztunnel: src/proxy/outbound.rs build_request). */
import { joinHostPort } from '../../model/address';
import type { GatewayAddress, ZtunnelService } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say, type Sentence } from '../record/sentence';
import { chooseGateway, type ZtunnelUpstream } from './chooseUpstream';
import { identitiesOf, noUpstream, type ChosenUpstream, type Outbound } from './outbound';
import { connectLayer, sendToPeer } from './sendToPeer';
import { throughNetworkGateway } from './throughNetworkGateway';

/** One of the waypoints by weight, or the only one; undefined where the service has none. */
export function throughServiceWaypoint(hop: Hop, outbound: Outbound, service: ZtunnelService): HopResult | undefined {
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

/** The waypoint of the workload itself: for connections that ask for no service. */
export function throughWorkloadWaypoint(hop: Hop, outbound: Outbound, gateway: GatewayAddress, asked: ChosenUpstream): HopResult {
  const choice = chooseWaypoint(hop, outbound, gateway);
  if (choice.kind === 'unknown') return cannotTell(choice.missing);
  if (choice.kind === 'none') return noUpstream(hop, choice, 'unknown waypoint');
  const because = say`workload ${asked.upstream.workload.name} has a waypoint`;
  return throughWaypoint(hop, outbound, { upstream: choice.upstream, because, service: asked.service });
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

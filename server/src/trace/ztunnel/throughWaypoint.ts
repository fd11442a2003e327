/** Out of a node through a waypoint, of the service or of the workload (istio/ztunnel: src/proxy/outbound.rs build_request). */
import { joinHostPort } from '../../model/address';
import type { GatewayAddress, ZtunnelService } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say, type Sentence } from '../record/sentence';
import { chooseGateway, type ZtunnelUpstream } from './chooseUpstream';
import { addressOf, identitiesOf, noUpstream, nowhere, type ChosenUpstream, type Outbound } from './outbound';
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
  return throughWaypoint(hop, outbound, { upstream: choice.upstream, because: say`service ${service.hostname} has a waypoint` });
}

/** The waypoint of the workload itself: for connections that ask for no service (older ztunnels: for all). */
export function throughWorkloadWaypoint(hop: Hop, outbound: Outbound, gateway: GatewayAddress, asked: ChosenUpstream): HopResult {
  const choice = chooseWaypoint(hop, outbound, gateway);
  if (choice.kind === 'unknown') return cannotTell(choice.missing);
  if (choice.kind === 'none') return noUpstream(hop, choice, 'unknown waypoint');
  return throughWaypoint(hop, outbound, { upstream: choice.upstream, because: whyWorkloadWaypoint(asked) });
}

function whyWorkloadWaypoint({ upstream: { workload }, service }: ChosenUpstream): Sentence {
  const because = say`workload ${workload.name} has a waypoint`;
  return service ? say`${because}, and ztunnels of Istio up to 1.21 use it for services, too` : because;
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

interface Reached {
  readonly upstream: ZtunnelUpstream;
  readonly because: Sentence;
}

/** Always HBONE; the authority is what the client asked for. */
function throughWaypoint(hop: Hop, outbound: Outbound, { upstream, because }: Reached): HopResult {
  const { workload, port } = upstream;
  const address = addressOf(upstream, port);
  if (!address) return nowhere(hop, upstream);
  addStep(hop, { stage: 'service', decision: say`the connection goes to waypoint ${workload.name}`, because, at: workload.node });
  const tunnel = [connectLayer(joinHostPort(outbound.target.ip, outbound.target.port))];
  return sendToPeer(hop, {
    model: outbound.model,
    source: outbound.source,
    address,
    tunnel,
    peers: identitiesOf(upstream),
    workload,
    through: 'waypoint',
  });
}

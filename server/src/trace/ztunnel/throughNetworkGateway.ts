/** Out of a node into another network (istio/ztunnel: src/proxy/outbound.rs build_request, double HBONE). */
import type { ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { lostField } from '../../schema/keptBack';
import type { TlsLayer } from '../facts/connection';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';
import { chooseGateway } from './chooseUpstream';
import { addressOf, identitiesOf, noUpstream, nowhere, type ChosenUpstream, type Outbound } from './outbound';
import { connectLayer, sendToPeer, tlsLayer } from './sendToPeer';

const UNKNOWN_GATEWAY = 'unknown network gateway';

/** Another network: double HBONE through its gateway; the inner tunnel names the service. */
export function throughNetworkGateway(hop: Hop, outbound: Outbound, { upstream, service }: ChosenUpstream): HopResult {
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
  if (choice?.kind !== 'upstream')
    return noUpstream(hop, { because: say`network gateway ${gateway.node.string('destination')} is not in the dump` }, UNKNOWN_GATEWAY);
  const through = choice.upstream;
  const address = addressOf(through, through.port);
  if (!address) return nowhere(hop, through);
  addStep(hop, {
    stage: 'service',
    decision: say`the connection goes through network gateway ${through.workload.name}`,
    because: say`workload ${workload.name} is in network ${workload.network}`,
    at: gateway.node,
  });
  const connect = connectLayer(`${service.hostname}:${target.port}`);
  return sendToPeer(hop, {
    model,
    source,
    address,
    tunnel: [connect, innerTls(source, upstream.service), connect],
    peers: identitiesOf(through),
    workload: through.workload,
    through: 'network_gateway',
  });
}

/** To whoever serves the service there: only names of the service itself count (service_sans). */
function innerTls(source: ZtunnelWorkload | undefined, service: ZtunnelService | undefined): TlsLayer {
  const isLost = service !== undefined && lostField(service.node, ['subjectAltNames']) !== undefined;
  return { ...tlsLayer(source, service?.subjectAltNames ?? []), ...(isLost && { mayExpectMore: true }) };
}

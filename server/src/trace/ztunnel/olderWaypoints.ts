/** What the waypoint of a workload means to its own ztunnel up to Istio 1.21 (istio/ztunnel 1.21: src/proxy/inbound.rs check_gateway_address, src/proxy/inbound_passthrough.rs). */
import type { GatewayAddress, ZtunnelModel, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop, type HopResult } from '../hop';
import { ending } from '../record/hopRecord';
import { say } from '../record/sentence';
import { findGateway, findWorkload } from './findAddress';

/** The waypoint which every connection to the workload must pass; newer ztunnels leave that to policies. */
export function obligatoryWaypoint(model: ZtunnelModel, workload: ZtunnelWorkload): GatewayAddress | undefined {
  return model.knowsWorkloadWaypointsOnly ? workload.waypoint : undefined;
}

/** Told by the client's identity alone. */
export function isIdentityOf(model: ZtunnelModel, gateway: GatewayAddress, identity: string | undefined): boolean {
  if (identity === undefined) return false;
  const found = findGateway(model, gateway);
  if (found?.kind !== 'service') return found?.workload.identity === identity;
  return found.service.endpoints.some(({ workloadUid }) => model.workloadsByUid.get(workloadUid)?.identity === identity);
}

/** A CONNECT that came past the waypoint is answered 401. */
export function refuseBypass(hop: Hop, workload: ZtunnelWorkload, gateway: GatewayAddress): HopResult {
  addStep(hop, {
    stage: 'policy',
    decision: say`the connection is denied`,
    because: say`workload ${workload.name} has a waypoint, and the connection came past it: ztunnels of Istio up to 1.21 refuse that`,
    at: gateway.node,
  });
  hop.record.response = { code: 401 };
  return ending('denied', { code: 401, details: 'bypassed waypoint' });
}

/** Plain text goes to the waypoint as if the client had sent it from here; of clients that it does not know ztunnel takes nothing. */
export function refuseUnknownSource(hop: Hop, model: ZtunnelModel): HopResult | undefined {
  const ip = hop.connection.source?.ip;
  if (ip === undefined || findWorkload(model, { network: model.network, ip })) return undefined;
  addStep(hop, {
    stage: 'workload',
    decision: say`ztunnel closes the connection`,
    because: say`it would send the connection to the workload's waypoint, and ${ip} is no workload's address`,
  });
  return ending('denied', { details: `unknown source: ${ip}` });
}

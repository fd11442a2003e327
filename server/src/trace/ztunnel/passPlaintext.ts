/** A plain-text connection to a workload of the node (istio/ztunnel: src/proxy/inbound_passthrough.rs). */
import type { Address } from '../../model/address';
import type { ZtunnelModel } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop, type HopResult } from '../hop';
import { connectionOnWire } from '../facts/connectionOnWire';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { checkPolicies } from './checkPolicies';
import { callsItself, refuseSelfCall } from './selfCall';
import { meetWorkload, noWorkload } from './meetWorkload';
import { obligatoryWaypoint, refuseUnknownSource } from './olderWaypoints';
import { passOutbound } from './passOutbound';

/** Policies see no identity. What is allowed goes to the application as it is. */
export function passPlaintext(hop: Hop, model: ZtunnelModel, destination: Extract<Address, { kind: 'ip' }>): HopResult {
  hop.record.protocol = 'tcp';
  if (callsItself(destination.port)) return refuseSelfCall(hop, destination.port);
  const workload = meetWorkload(hop, model, destination.ip);
  if (!workload) return cannotTell(noWorkload(hop, destination.ip));
  if (obligatoryWaypoint(model, workload)) return refuseUnknownSource(hop, model) ?? passOutbound(hop, model, destination);
  const verdict = checkPolicies(hop, model, workload, { sourceIp: hop.connection.source?.ip, destination, identity: undefined });
  if (verdict.kind === 'unknown') return cannotTell(verdict.missing);
  if (verdict.kind === 'denied') return ending('denied');
  hop.record.endpoint = { address: destination };
  hop.record.upstream = connectionOnWire(hop.connection);
  addStep(hop, {
    stage: 'endpoint',
    decision: words('the connection goes to the application'),
    because: say`it is the workload ${workload.name} of this node`,
    at: workload.node,
  });
  return ending('upstream');
}

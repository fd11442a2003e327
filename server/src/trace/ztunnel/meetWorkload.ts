/** The workload of the node to which a connection comes. */
import { shortProxy } from '../../model/summary/shortProxy';
import type { ZtunnelModel, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop } from '../hop';
import { say, type Sentence } from '../record/sentence';
import { findWorkload } from './findAddress';
import { nameOf } from './sendToPeer';

/** Found by the address that the connection has, and recorded; undefined where the dump has none (say `noWorkload` then). */
export function meetWorkload(hop: Hop, model: ZtunnelModel, ip: string): ZtunnelWorkload | undefined {
  const workload = findWorkload(model, { network: model.network, ip });
  if (!workload) return undefined;
  hop.record.workload = nameOf(workload);
  addStep(hop, {
    stage: 'workload',
    decision: say`workload ${workload.name} is meant`,
    because: say`it has the address ${ip}`,
    at: workload.node,
  });
  return workload;
}

/** What is missing where no workload has the address. */
export function noWorkload({ proxy }: Hop, ip: string): Sentence {
  return say`which workload has the address ${ip}: the dump of ${shortProxy(proxy.id)} has none`;
}

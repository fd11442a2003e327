/** Connections to ztunnel's own ports would go in a circle, so that it refuses them (istio/ztunnel: src/config.rs illegal_ports). */
import { addStep, type Hop } from '../hop';
import { ending, type Ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { HBONE_PORT, INBOUND_PORT, OUTBOUND_PORT } from '../../model/istio/istioPorts';

const OWN_PORTS = new Set([OUTBOUND_PORT, INBOUND_PORT, HBONE_PORT]);

/** One of ztunnel's own ports. */
export function callsItself(port: number): boolean {
  return OWN_PORTS.has(port);
}

/** The connection is closed; a CONNECT gets a 503. */
export function refuseSelfCall(hop: Hop, port: number, code?: number): Ending {
  if (code !== undefined) hop.record.response = { code };
  addStep(hop, {
    stage: code === undefined ? 'listener' : 'http_connection',
    decision: code === undefined ? words('ztunnel closes the connection') : words('the CONNECT fails'),
    because: say`port ${port} is ztunnel's own`,
  });
  return ending('denied', { ...(code !== undefined && { code }), details: 'attempted recursive call to ourselves' });
}

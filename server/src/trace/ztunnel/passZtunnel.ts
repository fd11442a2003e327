/** A pass through a Rust ztunnel, decided from its dump (istio/ztunnel: src/proxy/outbound.rs, src/proxy/inbound.rs, src/state.rs). */
import { shortProxy } from '../../model/summary/shortProxy';
import { readZtunnel } from '../../model/ztunnel/readZtunnel';
import type { ZtunnelSection } from '../../model/ztunnel/ztunnelDump';
import type { Hop, HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';
import { passHbone } from './passHbone';
import { passOutbound } from './passOutbound';
import { passPlaintext } from './passPlaintext';

const NEEDED: Readonly<Record<'outbound' | 'hbone' | 'inbound', readonly ZtunnelSection[]>> = {
  outbound: ['workloads', 'services'],
  hbone: ['workloads', 'services', 'policies'],
  inbound: ['workloads', 'policies'],
};

/** Outbound (15001), inbound plain text (15006) or HBONE (15008). */
export function passZtunnel(hop: Hop): HopResult {
  const { arrival, proxy } = hop;
  if (!proxy.ztunnel || arrival.kind !== 'ztunnel')
    return cannotTell(say`what the ztunnel ${shortProxy(proxy.id)} does: its dump is not open`);
  const model = readZtunnel(proxy.ztunnel);
  const missing = model.missing.filter((section) => NEEDED[arrival.direction].includes(section));
  if (missing.length > 0)
    return cannotTell(say`the ${missing.join(' and ')} of the ztunnel: "istioctl ztunnel-config all -o json" has everything`);
  const destination = hop.connection.destination;
  if (destination?.kind !== 'ip') return cannotTell(say`the destination: give it with --dst IP:PORT`);
  switch (arrival.direction) {
    case 'outbound':
      return passOutbound(hop, model, destination);
    case 'hbone':
      return passHbone(hop, model, destination);
    case 'inbound':
      return passPlaintext(hop, model, destination);
  }
}

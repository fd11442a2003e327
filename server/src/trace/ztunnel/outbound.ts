/** What the ways out of a node share (istio/ztunnel: src/proxy/outbound.rs). */
import type { Address } from '../../model/address';
import type { ZtunnelModel, ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop } from '../hop';
import { ending, type Ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import type { ZtunnelUpstream } from './chooseUpstream';

/** A connection on its way out, and what it is aimed at. */
export interface Outbound {
  readonly model: ZtunnelModel;
  readonly target: Extract<Address, { kind: 'ip' }>;
  readonly source: ZtunnelWorkload | undefined;
}

export interface ChosenUpstream {
  readonly upstream: ZtunnelUpstream;
  readonly service: ZtunnelService | undefined;
}

/** Whom the sender expects: the service's own names and the workload's identity (workload_and_services_san). */
export function identitiesOf({ workload, service }: ZtunnelUpstream): string[] {
  return [...(service?.subjectAltNames ?? []), workload.identity];
}

/** Where a workload is reached: at an address of its own, else by its host name, which ztunnel resolves; undefined: nowhere (pick_workload_destination_or_resolve). */
export function addressOf({ workload, ip }: ZtunnelUpstream, port: number): Extract<Address, { kind: 'ip' | 'dns' }> | undefined {
  if (ip !== undefined) return { kind: 'ip', ip, port };
  return workload.hostname === '' ? undefined : { kind: 'dns', host: workload.hostname, port };
}

/** NoValidDestination: the workload has no address that the service allows, and no host name. */
export function nowhere(hop: Hop, { workload, service }: ZtunnelUpstream): Ending {
  const because = service?.ipFamilies
    ? say`workload ${workload.name} has no ${service.ipFamilies} address, and the service allows no other`
    : say`workload ${workload.name} has no address`;
  return noUpstream(hop, { because, ...(service && { service }) }, 'no valid routing destination');
}

/** `details`: the error in ztunnel's own words (src/proxy.rs). */
export function noUpstream(hop: Hop, { because, service }: { because: Sentence; service?: ZtunnelService }, details: string): Ending {
  addStep(hop, { stage: 'service', decision: words('ztunnel closes the connection'), because, ...(service && { at: service.node }) });
  return ending('no_endpoint', { details });
}

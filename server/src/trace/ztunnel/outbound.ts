/** What the ways out of a node share (istio/ztunnel: src/proxy/outbound.rs). */
import type { Address } from '../../model/address';
import type { ZtunnelModel, ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { addStep, type Hop } from '../hop';
import { ending, type Ending } from '../record/hopRecord';
import { words, type Sentence } from '../record/sentence';
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

/** Whom the sender expects: services' own names and the workload's identity (workload_and_services_san). */
export function identitiesOf({ workload, service }: ZtunnelUpstream, asked: ZtunnelService | undefined): string[] {
  return [...((service ?? asked)?.subjectAltNames ?? []), workload.identity];
}

/** `details`: the error in ztunnel's own words (src/proxy.rs). */
export function noUpstream(hop: Hop, { because, service }: { because: Sentence; service?: ZtunnelService }, details: string): Ending {
  addStep(hop, { stage: 'service', decision: words('ztunnel closes the connection'), because, ...(service && { at: service.node }) });
  return ending('no_endpoint', { details });
}

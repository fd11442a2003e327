/** What a hop has decided so far: codes and nodes only. renderTrace makes the contract's JSON of it when somebody reads. */
import type { Disposition, EndpointHealth, HeaderChanges, Stage, TraceHop } from '../../protocol/trace';
import type { Address } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import type { Sentence } from './sentence';

export interface Rejected {
  readonly candidate: Sentence;
  /** The first condition that failed. */
  readonly because: Sentence;
  readonly at?: ConfigNode;
}

/** The losing candidates of a step: an array, or a list that is put together only when somebody reads it (see rejectedList.ts). */
export interface RejectedList {
  readonly length: number;
  slice(start: number, end: number): readonly Rejected[];
}

export interface Step {
  readonly stage: Stage;
  readonly decision: Sentence;
  readonly because: Sentence;
  readonly at?: ConfigNode;
  readonly rejected?: RejectedList;
  readonly assumed?: boolean;
  /** What happens to the answer, after the request's own way is decided. */
  readonly onAnswer?: boolean;
}

export interface EndpointRecord {
  readonly address: Address;
  readonly health?: EndpointHealth;
  readonly priority?: number;
  readonly locality?: string;
  readonly weight?: number;
  readonly unseen?: Sentence;
}

/** The fields of the contract's hop that stages fill; connections are rendered by the engine (`downstream`, `upstream`). */
export interface HopRecord extends Pick<
  TraceHop,
  | 'listener'
  | 'acceptedBy'
  | 'filterChain'
  | 'protocol'
  | 'terminatesTunnel'
  | 'routeConfiguration'
  | 'virtualHost'
  | 'route'
  | 'virtualCluster'
  | 'response'
  | 'cluster'
  | 'member'
  | 'service'
  | 'workload'
  | 'through'
  | 'upstream'
  | 'mirrors'
> {
  endpoint?: EndpointRecord;
  /** As it arrived, after the listener filters; set by the engine. */
  downstream?: TraceHop['downstream'];
  /** TLS was terminated here. */
  endsTls?: true;
  /** What this hop's HTTP processing does to the response on its way back. */
  responseHeaders?: HeaderChanges;
  readonly steps: Step[];
}

export interface EndingResponse {
  readonly code?: number;
  readonly flags?: readonly string[];
  readonly details?: string;
  readonly location?: string;
  readonly body?: string;
  readonly unknown?: readonly string[];
}

/** The end of a path. */
export interface Ending {
  readonly kind: 'ending';
  readonly disposition: Disposition;
  readonly response?: EndingResponse;
  /** For `insufficient_info`: what one would have to know and how to get it. */
  readonly missing?: readonly Sentence[];
}

/** How the request ends, with the answer where there is one. */
export function ending(disposition: Disposition, response?: EndingResponse): Ending {
  return { kind: 'ending', disposition, ...(response && { response }) };
}

/** Ends the path because the files cannot tell. */
export function cannotTell(...missing: Sentence[]): Ending {
  return { kind: 'ending', disposition: 'insufficient_info', missing };
}

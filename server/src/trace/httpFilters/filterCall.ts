/** What an HTTP filter gets, and how it says what it did. */
import type { Disposition } from '../../protocol/trace';
import type { ConfigNode } from '../../schema/configNode';
import type { HttpStream } from '../httpStream';
import { localReply } from '../http/localReply/localReply';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell, ending, type RejectedList } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import type { LocalReply } from '../http/localReply/replyParts';

export interface FilterCall {
  readonly hop: Hop;
  readonly http: HttpStream;
  /** `HttpFilter.name`: the key of per-route configurations. */
  readonly name: string;
  /** The entry of `http_filters`. */
  readonly filter: ConfigNode;
  /** Example: `envoy.extensions.filters.http.cors.v3.Cors` */
  readonly type: string;
  /** The filter's own configuration. */
  readonly config: ConfigNode;
}

/** Decides, writes a step, and either ends the hop or lets the next filter go on. */
export type HttpFilter = (call: FilterCall) => HopResult | undefined;

/** How a filter that stands for others has them take part. */
export interface InnerFilters {
  readonly run: HttpFilter;
  /** The request never comes to it, the answer passes it all the same. */
  readonly join: (call: FilterCall) => void;
}

/** Runs filters in the place of one, until one of them answers; the later ones see that answer as well. */
export function runInnerFilters(call: FilterCall, filters: readonly ConfigNode[], inner: InnerFilters): HopResult | undefined {
  for (const [index, filter] of filters.entries()) {
    const result = inner.run(innerCall(call, filter));
    if (!result) continue;
    if (result.kind === 'ending' && result.response?.code !== undefined)
      for (const later of filters.slice(index + 1)) inner.join(innerCall(call, later));
    return result;
  }
  return undefined;
}

/** It goes by the name of the filter that stands for it. */
export function innerCall(call: FilterCall, filter: ConfigNode): FilterCall {
  const typed = filter.typed();
  return { ...call, filter, type: typed?.type ?? '', config: typed?.node ?? filter };
}

export interface Grounds {
  readonly because: Sentence;
  /** Default: the filter's entry. */
  readonly at?: ConfigNode | undefined;
  readonly rejected?: RejectedList;
}

/** The request goes on to the next filter. */
export function pass(call: FilterCall, grounds: Grounds): undefined {
  tell(call, say`filter ${call.name} lets the request pass`, grounds);
}

/** The filter has changed something for later filters, for the router or for the upstream. */
export function tell({ hop, filter }: FilterCall, decision: Sentence, { because, at = filter, rejected }: Grounds): undefined {
  addStep(hop, { stage: 'http_filter', decision, because, at, ...(rejected && { rejected }) });
}

/** The filter answers by itself. */
export function answer(call: FilterCall, disposition: Disposition, reply: LocalReply, grounds: Grounds): HopResult {
  const verb = disposition === 'denied' ? words('refuses the request') : words('answers');
  tell(call, say`filter ${call.name} ${verb} with ${reply.code}`, grounds);
  return localReply(call.hop, disposition, reply);
}

/** Nobody can tell from the files what the filter does, and it matters. */
export function leaveOpen(call: FilterCall, missing: Sentence, grounds: Partial<Grounds> = {}): HopResult {
  tell(call, say`what filter ${call.name} does cannot be known`, { because: missing, ...grounds });
  return cannotTell(say`${missing} (filter ${call.name})`);
}

/** Envoy does not load this. */
export function refuseConfig(call: FilterCall, because: Sentence, at?: ConfigNode): HopResult {
  tell(call, say`Envoy refuses filter ${call.name}`, { because, at });
  return ending('config_rejected');
}

/** Forgets the cached route, so that it is looked up again by the request as the next one who asks for it finds it (Envoy: clearRouteCache). */
export function clearRoute(call: FilterCall, because: Sentence): undefined {
  call.http.hasStaleRoute = true;
  return tell(call, say`filter ${call.name} has the route looked up again`, { because });
}

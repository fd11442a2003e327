/** How a request ends that runs into what Envoy would not load. */
import type { ConfigNode } from '../schema/configNode';
import type { Hop, HopResult } from './hop';
import { cannotTell, ending } from './record/hopRecord';
import { words, type Sentence } from './record/sentence';

export interface Refusal {
  readonly because: Sentence;
  readonly at: ConfigNode;
  /** Something is not there. */
  readonly isLack?: boolean;
}

/** What a running proxy has loaded does not lack anything: its file has been cut. */
export function endRefused(hop: Hop, { isLack }: Refusal): HopResult {
  if (isLack !== true || !wasLoaded(hop)) return ending('config_rejected');
  return cannotTell(
    words('what the file leaves out: it comes from a running proxy, and Envoy would not load it as it stands; take a whole config_dump'),
  );
}

/** Delivered and in use, or part of a whole dump. */
export function wasLoaded({ proxy, listener }: Hop): boolean {
  if (proxy.kind === 'dump') return true;
  return listener !== undefined && proxy.listeners.some(({ state, node }) => state === 'active' && node.sameAs(listener));
}

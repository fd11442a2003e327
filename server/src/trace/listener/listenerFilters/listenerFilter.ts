/** A listener filter, and what runs it. */
import type { ConfigNode } from '../../../schema/configNode';
import type { Hop, HopResult } from '../../hop';

export interface ListenerFilter {
  /** The entry of `listener_filters`. */
  readonly filter: ConfigNode;
  readonly config: ConfigNode;
}

/** Changes the connection's facts and says so; a result closes the connection. */
export type RunListenerFilter = (hop: Hop, entry: ListenerFilter) => HopResult | undefined;

/** A network filter, and what runs it. */
import type { ConfigNode, TypedConfig } from '../../schema/configNode';
import type { Hop, HopResult } from '../hop';

export interface NetworkFilterEntry {
  /** The entry of `filters`. */
  readonly filter: ConfigNode;
  readonly config: TypedConfig;
}

export interface NetworkFilter {
  /** Sends the connection on or ends it; must stand last. Undefined: a program that may do either. */
  readonly terminal: boolean | undefined;
  /** undefined: the next filter. */
  readonly run: (hop: Hop, entry: NetworkFilterEntry) => HopResult | undefined;
}

/** One entry of a chain's `filters`, with its configuration and what runs it. */
import type { ConfigNode, TypedConfig } from '../../schema/configNode';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { networkFilters } from './networkFilters';
import { readFilterConfig } from './readFilterConfig';
import type { NetworkFilter } from './networkFilter';

export interface FilterEntry {
  readonly filter: ConfigNode;
  /** Undefined: to come by ECDS, and not in the files. */
  readonly config: TypedConfig | undefined;
  /** Undefined: a filter that nobody knows here. */
  readonly known: NetworkFilter | undefined;
}

export function readEntry(hop: Hop, filter: ConfigNode): FilterEntry {
  const found = readFilterConfig(filter, hop.proxy);
  const config = found.kind === 'config' ? found.config : undefined;
  return { filter, config, known: config && networkFilters.get(config.type) };
}

/** undefined: the next filter. */
export function runEntry(hop: Hop, { filter, config, known }: FilterEntry): HopResult | undefined {
  const name = filter.string('name');
  if (!config) return cannotTell(say`the configuration of the network filter ${name}, which is delivered by ECDS: no open file has it`);
  // "Trace from here" inside the routes takes what stands before them for granted.
  if (known?.terminal === false && (hop.assumed?.virtualHost || hop.assumed?.route)) {
    addStep(hop, {
      stage: 'network_filter',
      decision: say`${name} lets the connection pass`,
      because: words('the trace begins further down'),
      at: filter,
      assumed: true,
    });
    return undefined;
  }
  if (known) return known.run(hop, { filter, config });
  return cannotTell(say`what the network filter ${config.type || name} does`);
}

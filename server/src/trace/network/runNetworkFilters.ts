/** The chain's network filters in order, until one ends the connection or sends it on (Envoy: source/common/network/filter_manager_impl.cc). */
import { endRefused, type Refusal } from '../endRefused';
import { addStep, type Hop, type HopResult } from '../hop';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { refusalOfExtension } from '../refusedExtension';
import { closedBefore } from './closeEarly';
import { readEntry, runEntry, type FilterEntry } from './filterEntry';

export function runNetworkFilters(hop: Hop): HopResult | undefined {
  const list = hop.filterChain?.get('filters');
  const filters = list?.items() ?? [];
  const incomplete = list?.isIncomplete || hop.filterChain?.isIncomplete;
  if (filters.length === 0) {
    if (incomplete) return cannotTell(words('the network filters of the chain, which the file leaves out'));
    addStep(hop, {
      stage: 'network_filter',
      decision: words('Envoy closes the connection'),
      because: words('the filter chain has no network filters'),
      ...(hop.filterChain && { at: hop.filterChain }),
    });
    return ending('closed');
  }
  const entries = filters.map((filter) => readEntry(hop, filter));
  const refused = incomplete ? undefined : findRefusal(hop, entries);
  if (refused) {
    const { because, at } = refused;
    addStep(hop, { stage: 'network_filter', decision: words('Envoy refuses the filter chain'), because, at });
    return endRefused(hop, refused);
  }
  // A filter before the last one may end the connection: it is a TCP connection then, unless HTTP was to come.
  if (entries.at(-1)?.config?.type.endsWith('.HttpConnectionManager') !== true) hop.record.protocol = 'tcp';
  for (const [index, entry] of entries.entries()) {
    const result = runEntry(hop, entry);
    if (result) return closedBefore(hop, { result, entry, later: entries.slice(index + 1) }) ?? result;
  }
  return cannotTell(words('the network filters after the last one in the file'));
}

/** Filters that are none, and configuration_impl.cc validateTerminalFilters. */
function findRefusal(hop: Hop, entries: readonly FilterEntry[]): Refusal | undefined {
  const last = entries.at(-1);
  for (const { filter, config, known } of entries) {
    const foreign = config && refusalOfExtension(hop, config.type, 'filters.network');
    if (foreign) return { because: foreign, at: filter };
    const isLast = filter === last?.filter;
    if (known?.terminal === true && !isLast)
      return { because: say`the terminal filter ${filter.string('name')} must be the last one`, at: filter };
    if (known?.terminal === false && isLast)
      return { because: say`the last filter ${filter.string('name')} is not a terminal one`, at: filter, isLack: true };
  }
  return undefined;
}

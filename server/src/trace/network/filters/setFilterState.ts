/** envoy.filters.network.set_filter_state (Envoy: source/extensions/filters/common/set_filter_state/filter_config.cc). */
import { parseIpPort } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import type { FilterStateValue } from '../../facts/connection';
import { formatSubstitution } from '../../format/formatString';
import { addStep, type Hop } from '../../hop';
import { matchContextOf, type MatchContext } from '../../matcher/matchContext';
import { say, words, type Sentence } from '../../record/sentence';
import type { NetworkFilterEntry } from '../networkFilters';

/** Runs on a new connection, and again after the TLS handshake. */
export function setFilterState(hop: Hop, { filter, config }: NetworkFilterEntry): undefined {
  const values = [...config.node.list('on_new_connection'), ...(hop.connection.tls ? config.node.list('on_downstream_tls_handshake') : [])];
  const written = applyFilterState(values, hop.connection.filterState, matchContextOf(hop));
  addStep(hop, {
    stage: 'network_filter',
    decision: written.length > 0 ? say`${filter.string('name')} sets filter state` : say`${filter.string('name')} sets nothing`,
    because: written.length > 0 ? joinParts(written) : words('it has no values'),
    at: filter,
  });
}

/**
 * Writes each FilterStateValue of a list (also for the HTTP filter of that name); gives what was written in words.
 * `fixed`: keys of the connection, which a request cannot write again (Envoy: source/common/stream_info/filter_state_impl.cc, setData).
 */
export function applyFilterState(
  values: readonly ConfigNode[],
  filterState: Map<string, FilterStateValue>,
  context: MatchContext,
  fixed?: ReadonlyMap<string, FilterStateValue>,
): Sentence[] {
  return values.map((value) => {
    const key = value.string('object_key');
    const format = value.get('format_string');
    if (fixed?.has(key) || filterState.get(key)?.isReadOnly) return say`${key} stays as it is: it was written before, for good`;
    const text = format ? formatSubstitution(format, context) : ({ kind: 'text', value: '' } as const);
    const shared = readShared(value.enumName('shared_with_upstream'));
    if (text.kind === 'unknown') {
      filterState.set(key, { value: '', shared, unknown: true });
      return say`${key} (not known: ${text.missing})`;
    }
    if (text.value === '' && value.bool('skip_if_empty') === true) return say`${key} is skipped, for it is empty`;
    if (isAddress(value.string('factory_key') || key) && !parseIpPort(text.value))
      return say`${key} is skipped, for ${text.value} is no address`;
    filterState.set(key, { value: text.value, shared, ...(value.bool('read_only') === true && { isReadOnly: true }) });
    return say`${key} is ${text.value}`;
  });
}

/** Objects that are made of `ip:port` only. */
function isAddress(factory: string): boolean {
  return /^envoy\.(?:filters\.listener\.original_dst\.(?:local|remote)_ip|network\.transport_socket\.original_dst_address)$/.test(factory);
}

function readShared(text: string): FilterStateValue['shared'] {
  if (text === 'ONCE' || text === '1') return 'once';
  return text === 'TRANSITIVE' || text === '2' ? 'transitive' : 'none';
}

function joinParts(parts: readonly Sentence[]): Sentence {
  return { strings: ['', ...parts.map((_, index) => (index < parts.length - 1 ? ', ' : ''))], values: parts };
}

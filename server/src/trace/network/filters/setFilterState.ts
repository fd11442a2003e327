/** envoy.filters.network.set_filter_state (Envoy: source/extensions/filters/common/set_filter_state/filter_config.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import type { FilterStateValue } from '../../facts/connection';
import { stateText } from '../../facts/filterStateObject';
import { formatSubstitution } from '../../format/formatString';
import { addStep, type Hop, type HopResult } from '../../hop';
import { matchContextOf, type MatchContext } from '../../matcher/matchContext';
import { cannotTell } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import { TCP_PROXY } from '../filterTypes';
import type { NetworkFilterEntry } from '../networkFilter';

/**
 * Runs on a new connection, which knows nothing of TLS yet, again after the handshake (at once where there is none), and at the first bytes. A
 * tcp_proxy has looked for its cluster on the new connection, whatever its `upstream_connect_mode` (observed with Envoy 1.40).
 */
export function setFilterState(hop: Hop, { filter, config }: NetworkFilterEntry): HopResult | undefined {
  const { node } = config;
  if (
    ['on_new_connection', 'on_downstream_tls_handshake', 'on_downstream_data'].some((field) => node.has(field) && hidesState(node, field))
  )
    return cannotTell(say`which filter state ${filter.string('name')} sets: the file leaves a part of it out`);
  const { connection } = hop;
  const early = { ...matchContextOf(hop), connection: { ...connection, tls: undefined } };
  const handshake = node.list('on_downstream_tls_handshake');
  const isSecure = connection.tls !== undefined || hop.filterChain?.get('transport_socket')?.typed()?.type === TLS;
  const late = endsWithTcp(hop) ? [] : [...(isSecure ? handshake : []), ...node.list('on_downstream_data')];
  const written = [
    ...applyFilterState([...node.list('on_new_connection'), ...(isSecure ? [] : handshake)], connection.filterState, early),
    ...applyFilterState(late, connection.filterState, matchContextOf(hop)),
  ];
  addStep(hop, {
    stage: 'network_filter',
    decision: written.length > 0 ? say`${filter.string('name')} sets filter state` : say`${filter.string('name')} sets nothing`,
    because: written.length > 0 ? joinParts(written) : words('it has no values'),
    at: filter,
  });
  return undefined;
}

function endsWithTcp({ filterChain }: Hop): boolean {
  return filterChain?.list('filters').at(-1)?.typed()?.type === TCP_PROXY;
}

const TLS = 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';

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
    const isHidden = ['shared_with_upstream', 'factory_key'].some((field) => value.string(field) === KEPT_BACK);
    const hidden = isHidden ? words('the dump keeps back of which kind it is, or who shares it') : undefined;
    const factory = value.string('factory_key') || key;
    if (text.kind === 'unknown' || hidden) {
      filterState.set(key, { value: '', unknown: true, ...(hidden ? { shared: 'transitive' } : { shared, factory }) });
      return say`${key} (not known: ${text.kind === 'unknown' ? text.missing : hidden})`;
    }
    if (text.value === '' && value.bool('skip_if_empty') === true) return say`${key} is skipped, for it is empty`;
    const made = stateText(factory, text.value);
    if (made === undefined) return say`${key} is skipped, for ${text.value} is no value of its kind`;
    filterState.set(key, { value: made, shared, factory, ...(value.bool('read_only') === true && { isReadOnly: true }) });
    return say`${key} is ${made}`;
  });
}

/** The file has lost values of the list, or keeps back which state they set. */
export function hidesState(config: ConfigNode, field: string): boolean {
  const list = config.get(field);
  if (!list) return config.isIncomplete;
  const isHidden = (value: ConfigNode): boolean => value.isIncomplete || value.string('object_key') === KEPT_BACK;
  return list.isIncomplete || config.list(field).some(isHidden);
}

function readShared(text: string): FilterStateValue['shared'] {
  if (text === 'ONCE' || text === '1') return 'once';
  return text === 'TRANSITIVE' || text === '2' ? 'transitive' : 'none';
}

function joinParts(parts: readonly Sentence[]): Sentence {
  return { strings: ['', ...parts.map((_, index) => (index < parts.length - 1 ? ', ' : ''))], values: parts };
}

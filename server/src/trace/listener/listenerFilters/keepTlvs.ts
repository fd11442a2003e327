/** Values of a PROXY protocol header that `rules` keep for later stages, and those that may be told on (Envoy: proxy_protocol.cc, parseTlvs). */
import type { ConfigNode } from '../../../schema/configNode';
import type { ConnectionFacts } from '../../facts/connection';
import { TLV_STATE } from '../../facts/filterStateObject';
import { NotKnown } from '../../facts/notKnown';
import { passedThrough, type ProxyTlv, type ProxyTlvs } from '../../facts/proxyTlv';
import { words } from '../../record/sentence';

/** In dynamic metadata, where the first of a key stays, or in one object of filter state, where the last does. */
export function keepTlvs(connection: ConnectionFacts, config: ConfigNode, given: ProxyTlvs): void {
  writeTlvs(connection, config, given);
  connection.proxyTlvs ??= passedThrough(config, given);
}

/** Of the first client the request tells it by `metadata` or `filterState` of its connection, or nobody does. */
export function keepTlvsOfClient(connection: ConnectionFacts, config: ConfigNode): void {
  const { metadata, filterState } = connection;
  const given: ProxyTlvs = { list: [], others: OF_CLIENT };
  const places = config.list('rules').map((rule) => namespaceOf(rule.get('on_tlv_present')));
  if (!filterState.has(TLV_STATE) && !places.some((namespace) => metadata.has(namespace))) writeTlvs(connection, config, given);
  connection.proxyTlvs ??= passedThrough(config, given);
}

const OF_CLIENT = words(
  "what the client's PROXY protocol header tells beside the addresses (TLVs); the request can say it with its connection's metadata",
);

function writeTlvs(connection: ConnectionFacts, config: ConfigNode, given: ProxyTlvs): void {
  const wanted = wantedTlvs(config, given);
  if (config.isEnum('tlv_location', 'FILTER_STATE', 1)) keepInState(connection, wanted);
  else for (const { place, value } of wanted) keepInMetadata(connection, place, value);
}

interface WantedTlv extends Pick<ProxyTlv, 'value'> {
  /** `KeyValuePair` */
  readonly place: ConfigNode;
}

/** Those with a rule, of which the last of a number counts; behind them what may be there besides. */
function wantedTlvs(config: ConfigNode, { list, others }: ProxyTlvs): WantedTlv[] {
  const places = new Map(config.list('rules').map((rule) => [rule.number('tlv_type') ?? 0, rule.get('on_tlv_present')]));
  const open = others ? [...places.keys()].map((type): ProxyTlv => ({ type, value: new NotKnown(others) })) : [];
  return [...list, ...open].flatMap(({ type, value }) => {
    const place = places.get(type);
    return place ? [{ place, value }] : [];
  });
}

const USUAL_NAMESPACE = 'envoy.filters.listener.proxy_protocol';

function namespaceOf(place: ConfigNode | undefined): string {
  return place?.string('metadata_namespace') || USUAL_NAMESPACE;
}

function keepInMetadata({ metadata }: ConnectionFacts, place: ConfigNode, value: WantedTlv['value']): void {
  const namespace = namespaceOf(place);
  const before = metadata.get(namespace);
  if (before instanceof NotKnown) return;
  const fields = typeof before === 'object' && before !== null ? before : {};
  metadata.set(namespace, { [place.string('key')]: value, ...fields });
}

function keepInState({ filterState }: ConnectionFacts, wanted: readonly WantedTlv[]): void {
  if (wanted.length === 0) return;
  const isOpen = wanted.some(({ value }) => value instanceof NotKnown);
  const fields = new Map(wanted.map(({ place, value }) => [place.string('key'), value]));
  const sorted = [...fields].sort(([one], [other]) => (one < other ? -1 : 1));
  const value = isOpen ? '' : JSON.stringify(Object.fromEntries(sorted));
  filterState.set(TLV_STATE, { value, shared: 'none', isReadOnly: true, ...(isOpen && { unknown: true }) });
}

/** `proxy_protocol_tlvs`: what a tcp_proxy adds to the PROXY protocol header that it sends (Envoy: tcp_proxy.cc, establishUpstreamConnection). */
import type { ConfigNode } from '../../../schema/configNode';
import { readTlvs } from '../../format/readTlvs';
import type { Hop } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';

/** Beside what a header has brought, they count by `proxy_protocol_tlv_merge_policy` alone. Those of a fixed value come first. */
export function tellTlvs(hop: Hop, config: ConfigNode): void {
  const entries = config.list('proxy_protocol_tlvs');
  if (entries.length === 0) return;
  const isMade = (entry: ConfigNode): boolean => entry.has('format_string');
  const own = readTlvs([...entries.filter((entry) => !isMade(entry)), ...entries.filter(isMade)], matchContextOf(hop));
  const { proxyTlvs: before } = hop.connection;
  if (!before) hop.connection.proxyTlvs = { list: own };
  else if (config.isEnum('proxy_protocol_tlv_merge_policy', 'APPEND_IF_EXISTS_OR_ADD', 2))
    hop.connection.proxyTlvs = { ...before, list: [...before.list, ...own] };
  else if (config.isEnum('proxy_protocol_tlv_merge_policy', 'OVERWRITE_BY_TYPE_IF_EXISTS_OR_ADD', 1))
    hop.connection.proxyTlvs = { ...before, list: [...own, ...before.list.filter(({ type }) => !own.some((each) => each.type === type))] };
}

/** What a PROXY protocol header of version 2 says beside the addresses: values by number (Envoy: source/extensions/common/proxy_protocol). */
import type { ConfigNode } from '../../schema/configNode';
import type { Sentence } from '../record/sentence';
import type { NotKnown } from './notKnown';

export interface ProxyTlv {
  readonly type: number;
  readonly value: string | NotKnown;
}

/** In the order of the header. */
export interface ProxyTlvs {
  readonly list: readonly ProxyTlv[];
  /** There may be others, of any number. */
  readonly others?: Sentence;
}

export const NO_TLVS: ProxyTlvs = { list: [] };

/** By `pass_through_tlvs` of a sender or a reader: without the field none; with it all, or those of the numbers that it lists (proxy_protocol.cc, isPassThroughTlvTypeNeeded). */
export function passedThrough(config: ConfigNode | undefined, given: ProxyTlvs): ProxyTlvs {
  const rule = config?.get('pass_through_tlvs');
  if (!rule) return NO_TLVS;
  if (!rule.isEnum('match_type', 'INCLUDE', 1)) return given;
  const types = new Set(rule.list('tlv_type').map((type) => type.asNumber()));
  return { ...given, list: given.list.filter(({ type }) => types.has(type)) };
}

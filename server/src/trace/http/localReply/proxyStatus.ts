/** The `proxy-status` header of Envoy's own answers, RFC 9209 (Envoy: source/common/stream_info/utility.cc ProxyStatusUtils, conn_manager_utility.cc setProxyStatusHeader). */
import { keepsBack, KEPT_BACK, lostField } from '../../../schema/keptBack';
import { NotKnown } from '../../facts/notKnown';
import { ownNode } from '../../facts/ownNode';
import type { Hop } from '../../hop';
import type { HttpStream } from '../../httpStream';
import { recordHeaderChange } from '../recordHeaderChange';

/** By the response flags, in Envoy's order (with the runtime guard proxy_status_mapping_more_core_response_flags, which is on). */
const ERRORS: readonly (readonly [flag: string, error: string])[] = [
  ['LH', 'destination_unavailable'],
  ['UH', 'destination_unavailable'],
  ['UT', 'http_response_timeout'],
  ['DT', 'connection_timeout'],
  ['LR', 'connection_timeout'],
  ['UR', 'connection_terminated'],
  ['UF', 'connection_refused'],
  ['UAEX', 'connection_refused'],
  ['UC', 'connection_terminated'],
  ['OM', 'connection_limit_reached'],
  ['DO', 'connection_limit_reached'],
  ['FI', 'http_request_error'],
  ['DC', 'connection_terminated'],
  ['DR', 'connection_terminated'],
  ['UO', 'connection_limit_reached'],
  ['NR', 'destination_not_found'],
  ['RL', 'connection_limit_reached'],
  ['RLSE', 'connection_limit_reached'],
  ['URX', 'destination_unavailable'],
  ['SI', 'http_response_timeout'],
  ['IH', 'http_request_error'],
  ['DPE', 'http_request_error'],
  ['UMSDR', 'http_response_timeout'],
  ['NFCF', 'proxy_configuration_error'],
  ['UPE', 'http_protocol_error'],
  ['NC', 'destination_unavailable'],
  ['DF', 'dns_error'],
];

/** ProxyStatusUtils::recommendedHttpStatusCode. */
const CODES: Readonly<Record<string, number>> = {
  dns_error: 502,
  destination_not_found: 500,
  destination_unavailable: 503,
  proxy_configuration_error: 500,
  connection_refused: 502,
  connection_terminated: 502,
  connection_timeout: 504,
  connection_limit_reached: 503,
  http_response_timeout: 504,
  http_protocol_error: 502,
};

/** Adds the header to an answer that is Envoy's own; gives the status that the configuration recommends instead of it, where one can tell. */
export function addProxyStatus(hop: Hop, { manager, answer, responseHeaders }: HttpStream): number | 'unknown' | undefined {
  const config = manager.get('proxy_status_config');
  const error = ERRORS.find(([flag]) => answer?.flags?.includes(flag) === true)?.[1];
  if (!config || !answer?.isLocal || error === undefined) return undefined;
  const details = [answer.details, config.bool('remove_response_flags') === true ? undefined : answer.flags?.join(',')].filter(
    (part) => part !== undefined && part !== '',
  );
  const name = proxyName(hop, { manager, config });
  const isUnknown = keepsBack(config) || name instanceof NotKnown || name === KEPT_BACK;
  const parts = [...(name instanceof NotKnown ? [] : [name]), `error=${error}`];
  if (config.bool('remove_details') !== true && details.length > 0) parts.push(`details="${details.join('; ')}"`);
  recordHeaderChange(
    responseHeaders,
    {
      kind: 'add',
      name: 'proxy-status',
      value: isUnknown ? '?' : parts.join('; '),
      action: 'APPEND_IF_EXISTS_OR_ADD',
      isUnknown,
    },
    true,
  );
  if (lostField(config, ['set_recommended_response_code']) !== undefined && CODES[error] !== undefined) return 'unknown';
  return config.bool('set_recommended_response_code') === true ? CODES[error] : undefined;
}

function proxyName(hop: Hop, { manager, config }: Record<'manager' | 'config', HttpStream['manager']>): string | NotKnown {
  // A choice of the oneof, whatever it says (Envoy: ProxyStatusUtils::makeProxyName).
  if (config.has('use_node_id')) return ownNode(hop.proxy, 'id');
  return config.string('literal_proxy_name') || manager.string('server_name') || 'envoy';
}

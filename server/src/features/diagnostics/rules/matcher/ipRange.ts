/** A range of addresses whose prefix is no IP (source/common/network/cidr_range.cc). */
import { canonicalIp } from '../../../../model/address';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';

const check: CheckMessage = (range) => {
  const prefix = range.get('address_prefix');
  const text = prefix?.asString() ?? '';
  return prefix && text !== '' && canonicalIp(text) === undefined ? [errorAt(prefix, `Malformed IP address: "${text.slice(0, 80)}".`)] : [];
};

export const ipRange = refusalRule('ip-range', { 'envoy.config.core.v3.CidrRange': check, 'xds.core.v3.CidrRange': check });

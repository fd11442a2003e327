/** A range of addresses whose prefix is no IP (source/common/network/cidr_range.cc). */
import { canonicalIp } from '../../../../model/address';
import type { ConfigNode } from '../../../../schema/configNode';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { warningAt } from '../../problem';
import { ruleErrorAt } from '../../typesAbove';

/** Envoy leaves out what it cannot read (http/original_ip_detection/xff). */
const isLenient = ({ parent }: ConfigNode): boolean => parent?.parent?.isField('xff_trusted_cidrs') ?? false;

const check: CheckMessage = (range) => {
  const prefix = range.get('address_prefix');
  const text = prefix?.asString() ?? '';
  return prefix && text !== '' && canonicalIp(text) === undefined
    ? [(isLenient(range) ? warningAt : ruleErrorAt)(prefix, `Malformed IP address: "${text.slice(0, 80)}".`)]
    : [];
};

export const ipRange = refusalRule('ip-range', { 'envoy.config.core.v3.CidrRange': check, 'xds.core.v3.CidrRange': check });

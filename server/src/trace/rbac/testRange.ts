/** An IP against a CidrRange (Envoy: matchers.cc IPMatcher). */
import { cidrContains, readCidr } from '../../model/address';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import { say, type Sentence } from '../record/sentence';
import { no, unknown, YES, type Verdict } from '../verdict';

const rangeOf = memoizeByNode(readCidr);

/** `none`: an address without an IP (pipe, internal) is in no range. */
export function testRange(range: ConfigNode, what: Sentence, address: { readonly ip: string } | 'none' | 'unknown'): Verdict {
  if (address === 'none') return no(say`the ${what} does not exist on this connection`, range);
  const cidr = rangeOf(range);
  if (!cidr || keepsBack(range)) return unknown(say`the range of the ${what}`, range);
  if (address === 'unknown') return unknown(say`the ${what}: give the connection's addresses`, range);
  return cidrContains(cidr, address.ip) ? YES : no(say`${what} is ${address.ip}, must be in ${cidr.text}`, range);
}

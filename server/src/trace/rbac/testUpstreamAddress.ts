/** The address of the host that was resolved before (Envoy: source/extensions/filters/common/rbac/matchers/upstream_ip_port.cc). */
import { parseIpPort } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { say, words } from '../record/sentence';
import { allOf, no, unknown, YES, type Verdict } from '../verdict';
import { testRange } from './testRange';
import type { RbacContext } from './rbacDecision';

/** The dynamic forward proxy filter writes it where `save_upstream_address` is set; without it nothing matches. */
export const UPSTREAM_ADDRESS_KEY = 'envoy.stream.upstream_address';

export function testUpstreamAddress(matcher: ConfigNode, { connection, http }: RbacContext): Verdict {
  const found = (http?.filterState ?? connection.filterState).get(UPSTREAM_ADDRESS_KEY);
  if (!found) return no(words('no upstream address was resolved before'), matcher);
  if (found.unknown) return unknown(words('the address that the host name resolves to'), matcher);
  const address = parseIpPort(found.value);
  const range = matcher.get('upstream_ip');
  const ports = matcher.get('upstream_port_range');
  return allOf(
    [range, ports].filter((each) => each !== undefined),
    (condition) => {
      if (!address) return no(words('the upstream address has no IP'), condition);
      if (condition === range) return testRange(condition, words('upstream IP'), address);
      const { port } = address;
      const [start, end] = [condition.number('start') ?? 0, condition.number('end') ?? 0];
      return port >= start && port <= end ? YES : no(say`upstream port is ${port}, must be from ${start} to ${end}`, condition);
    },
  );
}

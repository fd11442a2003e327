/** Who the proxy says it is (`core.v3.Node`; Envoy: LocalInfo), where that becomes a header's value. */
import type { ProxyScope } from '../../index/proxyScope';
import { KEPT_BACK } from '../../schema/keptBack';
import { say } from '../record/sentence';
import { NotKnown } from './notKnown';

/** '' where the bootstrap says nothing; files without a bootstrap do not tell. */
export function ownNode({ bootstrap, proxyNode: { node } }: ProxyScope, field: 'id' | 'cluster'): string | NotKnown {
  const value = node?.string(field) ?? '';
  const isLost = value === KEPT_BACK || (value === '' && (!bootstrap || node?.isIncomplete === true));
  return isLost ? new NotKnown(say`the ${field} of the proxy's node, which the open files do not tell`) : value;
}

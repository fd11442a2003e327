/** What a description is made of. */
import type { ProxyScope } from '../../index/proxyScope';
import type { ConfigNode } from '../../schema/configNode';
import type { Snapshot } from '../../index/snapshot';

/** A thing and the proxy in which it is looked at. */
export interface Seen {
  readonly snapshot: Snapshot;
  readonly proxy: ProxyScope;
  readonly node: ConfigNode;
}

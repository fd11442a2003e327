/** What a description is made of. */
import type { Snapshot } from '../../index/buildSnapshot';
import type { ProxyScope } from '../../index/proxyScope';
import type { ConfigNode } from '../../schema/configNode';

/** A thing and the proxy in which it is looked at. */
export interface Seen {
  readonly snapshot: Snapshot;
  readonly proxy: ProxyScope;
  readonly node: ConfigNode;
}

/** Where a connection to an upstream host goes. */
import type { Address } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import type { Host } from '../cluster/discovery/host';

export interface Destination {
  readonly cluster: ConfigNode;
  readonly address: Address;
  /** undefined: not an endpoint of the files (ORIGINAL_DST, dynamic forward proxy). */
  readonly host: Host | undefined;
  /** Of a host that is not an endpoint of the files. */
  readonly hostname?: string;
  /** The address is a waypoint's, by the metadata that named it. */
  readonly isWaypoint?: boolean;
}

/** A filter chain as the table of its listener holds it. */
import type { CidrRange } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';

export type SourceType = 'ANY' | 'SAME_IP_OR_LOOPBACK' | 'EXTERNAL';

export interface FilterChain {
  readonly node: ConfigNode;
  readonly name: string;
  readonly index: number;
  readonly match: ConfigNode | undefined;
  /** 0: any. */
  readonly destinationPort: number;
  readonly destinationRanges: readonly CidrRange[];
  /** Lower-cased; `*.example.com` as `.example.com`. */
  readonly serverNames: readonly string[];
  readonly transportProtocol: string;
  readonly applicationProtocols: readonly string[];
  readonly directSourceRanges: readonly CidrRange[];
  readonly sourceType: SourceType;
  readonly sourceRanges: readonly CidrRange[];
  readonly sourcePorts: readonly number[];
}

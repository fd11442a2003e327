/** From a cluster's name to the host that gets the connection, and what is sent to it. */
import type { ConfigNode } from '../../schema/configNode';
import type { Layer } from '../facts/connection';
import type { Hop, HopResult } from '../hop';
import { cannotTell, type EndingResponse } from '../record/hopRecord';
import { say } from '../record/sentence';

/** What tcp_proxy or the router wants sent. */
export interface ForwardTarget {
  /** '' where a cluster_header or filter state gave none. */
  readonly clusterName: string;
  /** Where the cluster is named. */
  readonly at: ConfigNode | undefined;
  /** `http`: by the router (h1 or h2 as the cluster says); `tcp`: by tcp_proxy, also when it tunnels. */
  readonly protocol: 'tcp' | 'http';
  /** The bytes, outermost first, before the cluster's TLS: for HTTP the changed request and what is inside; for a tunnel the CONNECT and the client's bytes. */
  readonly layers: readonly Layer[];
  /** Load balancing criteria of namespace `envoy.lb` (route, weighted cluster, tcp_proxy), merged by precedence. */
  readonly metadataMatch: Readonly<Record<string, unknown>> | undefined;
  /** What the client gets when the cluster does not exist. Example: `{code: 503, flags: ['NC'], details: 'cluster_not_found'}` */
  readonly clusterNotFound: EndingResponse;
  /** tcp_proxy's tunneling_config made real; its CONNECT (or POST) is the first layer. */
  readonly tunnels?: boolean;
  /** The content of a CONNECT that ends here (`connect_config`): raw bytes go to the host. */
  readonly terminatesConnect?: boolean;
}

/** Cluster → member → subset → priority → locality → host → transport socket → next hop. */
export function forwardToCluster(hop: Hop, target: ForwardTarget): HopResult {
  hop.record.cluster = target.clusterName;
  return cannotTell(say`where cluster ${target.clusterName} leads`);
}

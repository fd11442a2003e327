/** What is forwarded to a cluster, and how. */
import type { ConfigNode } from '../../schema/configNode';
import type { Layer } from '../facts/connection';
import type { AuthorityChange } from '../http/route/updateAuthority';
import type { EndingResponse } from '../record/hopRecord';
import type { Criteria } from './subset/subsetConfig';

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
  /** Load balancing criteria as configured (configuredCriteria). */
  readonly metadataMatch: Criteria | undefined;
  /** What the client gets when the cluster does not exist. Example: `{code: 503, flags: ['NC'], details: 'cluster_not_found'}` */
  readonly clusterNotFound: EndingResponse;
  /** `auto_host_rewrite`: the request's host becomes the name of the chosen one. */
  readonly autoHost?: AuthorityChange;
  /** tcp_proxy's tunneling_config made real; its CONNECT (or POST) is the first layer. */
  readonly tunnels?: boolean;
  /** The content of a CONNECT that ends here (`connect_config`): raw bytes go to the host. */
  readonly terminatesConnect?: boolean;
}

/** Options of tcp_proxy that go together (source/common/tcp_proxy/tcp_proxy.cc). */
import type { ProxyScope } from '../../../../index/proxyScope';
import { clusterNamesOf } from '../../../../model/clusterNames';
import type { ConfigNode } from '../../../../schema/configNode';
import { upstreamHttp } from '../../../../trace/cluster/httpVersion';
import { TCP_PROXY } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt, warningAt } from '../../problem';
import type { Problem } from '../../rule';

export const tcpProxyOptions = refusalRule('tcp-proxy-options', {
  [TCP_PROXY]: (proxy, context) => [needsEarlyData(proxy), postOverHttp1(proxy, context.proxy)],
});

function needsEarlyData(proxy: ConfigNode): Problem | undefined {
  const mode = proxy.get('upstream_connect_mode');
  if (!mode || proxy.isEnum('upstream_connect_mode', 'IMMEDIATE', 0) || proxy.has('max_early_data_bytes')) return undefined;
  return errorAt(mode, '"max_early_data_bytes" must be set when "upstream_connect_mode" is not IMMEDIATE.');
}

/** Observed with Envoy 1.40: it ends with a segmentation fault when the answer to such a POST ends; over HTTP/2, and with CONNECT, it does not. */
function postOverHttp1(proxy: ConfigNode, scope: ProxyScope | undefined): Problem | undefined {
  const post = proxy.path('tunneling_config', 'use_post');
  if (!post?.asBoolean()) return undefined;
  const clusters = clusterNamesOf(proxy).map((name) => scope?.byName.cluster.get(name)?.node);
  const cluster = clusters.find((node) => node && speaksHttp1(node));
  return (
    cluster &&
    warningAt(
      post,
      `Envoy 1.40 crashes on "use_post" when an answer of HTTP/1 ends, and the cluster "${cluster.string('name')}" speaks HTTP/1.`,
      {
        related: [{ message: 'The cluster', at: cluster.get('name') ?? cluster }],
      },
    )
  );
}

function speaksHttp1(cluster: ConfigNode): boolean {
  const { version, isNegotiated } = upstreamHttp(cluster, undefined);
  return version === 'http1' && !isNegotiated && !cluster.isIncomplete;
}

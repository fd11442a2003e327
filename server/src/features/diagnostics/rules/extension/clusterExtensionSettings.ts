/** Settings of custom clusters, of sockets and of what stands in the bootstrap beside resources (source/extensions/clusters, …/transport_sockets, …/bootstrap). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import type { CheckMessage } from '../../messageRule';
import { CLUSTER, HTTP_OPTIONS } from '../../messageNames';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { backOffTimes, repeatedItems } from '../../settingChecks';
import { checkTrust } from './trustBundles';
import { singleEndpoint } from '../cluster/singleEndpoint';
import { unusedHeader } from '../cluster/clusterDiscovery';

const DYNAMIC_FORWARD_PROXY = 'envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig';
const DNS = 'envoy.extensions.clusters.dns.v3.DnsCluster';
const MAX_PORT = 65_536;

export const clusterExtensionSettings: Readonly<Record<string, CheckMessage>> = {
  [CLUSTER]: (cluster) => {
    if (cluster.has('transport_socket_matcher')) return repeatedSockets(cluster);
    const typed = cluster.path('cluster_type')?.typed();
    if (typed?.type === DYNAMIC_FORWARD_PROXY) return [needsNames(cluster, typed.node)];
    return typed?.type === DNS && typed.node.bool('all_addresses_in_single_endpoint')
      ? [singleEndpoint(cluster, 'With "all_addresses_in_single_endpoint" there must be')]
      : [];
  },
  [`${DYNAMIC_FORWARD_PROXY.slice(0, DYNAMIC_FORWARD_PROXY.lastIndexOf('.'))}.SubClustersConfig`]: (config) => {
    const policy = config.get('lb_policy');
    return [
      policy && config.isEnum('lb_policy', 'CLUSTER_PROVIDED', 6)
        ? errorAt(policy, 'The sub clusters cannot have the "lb_policy" CLUSTER_PROVIDED.')
        : undefined,
    ];
  },
  'envoy.extensions.clusters.original_dst.v3.OriginalDstCluster': (config) => [unusedHeader(config)],
  'envoy.extensions.clusters.dns.v3.DnsCluster.RefreshRate': (rate) => [backOffTimes(rate)],
  'envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport': (socket) =>
    socket.list('passthrough_metadata').map(passedMetadata),
  'envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig': checkTrust,
  'envoy.extensions.network.socket_interface.sockmap.v3.Sockmap': (config) => config.list('accelerated_ports').map(portRange),
};

/** transport_socket_match_impl.cc: the matcher tells sockets by their names. */
function repeatedSockets(cluster: ConfigNode): Problem[] {
  return repeatedItems(
    cluster.list('transport_socket_matches'),
    (match) => match.string('name'),
    (name) => `The name "${name}" of a transport socket stands twice in "transport_socket_matches".`,
  );
}

/** cluster.cc: the names of the upstream come from requests, so that the certificate must be checked against them. */
function needsNames(cluster: ConfigNode, config: ConfigNode): Problem | undefined {
  if (config.bool('allow_insecure_cluster_options') || cluster.isIncomplete || config.isIncomplete) return undefined;
  const options = cluster.map('typed_extension_protocol_options').find(([, value]) => readTyped(value).type === HTTP_OPTIONS)?.[1];
  // Where the cluster says nothing of its protocol, Envoy takes both for set.
  const given = options ? (options.get('upstream_http_protocol_options') ?? options) : cluster.get('upstream_http_protocol_options');
  return given && !given.isIncomplete && !(given.bool('auto_sni') && given.bool('auto_san_validation'))
    ? errorAt(given, 'A dynamic forward proxy needs "auto_sni" and "auto_san_validation", unless "allow_insecure_cluster_options" is set.')
    : undefined;
}

function passedMetadata(metadata: ConfigNode): Problem | undefined {
  const kind = metadata.get('kind');
  const wrong = ['request', 'route'].map((name) => kind?.get(name)).find((each) => each !== undefined);
  return wrong && errorAt(wrong, 'Only the metadata of the cluster or the host can be passed on.');
}

function portRange(range: ConfigNode): Problem | undefined {
  const [start, end] = [range.number('start') ?? 0, range.number('end') ?? 0];
  return range.isIncomplete || (start >= 1 && start < end && end <= MAX_PORT)
    ? undefined
    : errorAt(range, `The range [${start}, ${end}) is invalid: 1 <= start < end <= ${MAX_PORT} is expected.`);
}

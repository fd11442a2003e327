/** An extension that Envoy cannot find because nothing tells its type (source/common/config/utility.h getAndCheckFactory). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { hasMessage } from '../../../../schema/table/readTable';
import { messageType } from '../../../../schema/table/messageType';
import { addMember } from '../../../writing/textChanges';
import { isForeignExtension, isRouteSettings, typesOfCategory } from '../../../../schema/extensions/extensionCategories';
import { clusterExtensionOfName, clusterMessageOfName } from '../../../../schema/extensions/clusterTypes';
import { CLUSTER, HTTP_CONNECTION_MANAGER, HTTP_OPTIONS } from '../../messageNames';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem, ProblemFix } from '../../rule';
import { missingOf } from '../schema/missingField';
import { foreignExtension } from './wrongExtension';
import { typesAbove } from '../../typesAbove';

const MANAGER = HTTP_CONNECTION_MANAGER.slice(0, HTTP_CONNECTION_MANAGER.lastIndexOf('.'));

const needsType: CheckMessage = (extension) => [checkExtension(extension)];

/** Retries of loggers, statistics and key sets are prepared at once, of others with the first request (observed with Envoy 1.40). */
const needsTypeAtOnce =
  (category: string): CheckMessage =>
  (extension) =>
    isEarly(extension) && !isOfStream(extension) ? [checkExtension(extension) ?? wrongKind(extension, category)] : [];

function wrongKind(extension: ConfigNode, category: string): Problem | undefined {
  const config = extension.get('typed_config');
  const type = config ? readTyped(config).type : '';
  return config && type !== '' && isForeignExtension(type, [category])
    ? foreignExtension(config, type, { categories: [category], isLate: false })
    : undefined;
}

const EARLY =
  /^envoy\.(?:extensions\.(?:access_loggers|stat_sinks|filters\.http\.(?:jwt_authn|oauth2|rate_limit_quota))\.|config\.(?:metrics\.|trace\.v3\.(?:OpenTelemetry|SkyWalking)Config))/;

function isEarly(extension: ConfigNode): boolean {
  if (extension.enclosing('ads_config')) return true;
  const type = typesAbove(extension)[0] ?? '';
  return (
    EARLY.test(type) || (type.startsWith('envoy.extensions.filters.http.ext_authz.') && extension.enclosing('http_service') !== undefined)
  );
}

/** Retries of a logger's stream, or of a client that is not Envoy's own; those inside of `envoy_grpc` are not the client's (grpc/async_client_impl.cc). */
function isOfStream(extension: ConfigNode): boolean {
  const policy = extension.owner;
  if (policy?.isField('grpc_stream_retry_policy')) return true;
  const client = policy?.parent;
  return client !== undefined && (client.isField('envoy_grpc') || client.has('google_grpc'));
}

export const unknownExtension = refusalRule('unknown-extension', {
  'envoy.config.listener.v3.Filter': needsType,
  'envoy.config.listener.v3.ListenerFilter': needsType,
  'envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig.SessionFilter': needsType,
  [`${MANAGER}.HttpFilter`]: (filter) => [filter.bool('is_optional') ? undefined : checkExtension(filter)],
  'envoy.config.accesslog.v3.AccessLog': needsType,
  'envoy.config.accesslog.v3.ExtensionFilter': needsType,
  'envoy.config.core.v3.TransportSocket': needsType,
  'envoy.extensions.filters.network.thrift_proxy.v3.ThriftFilter': needsType,
  'envoy.config.metrics.v3.StatsSink': needsType,
  'envoy.config.overload.v3.ResourceMonitor': needsType,
  'envoy.config.trace.v3.Tracing.Http': needsType,
  'envoy.config.core.v3.HealthCheck.CustomHealthCheck': needsType,
  'envoy.config.route.v3.RetryPolicy.RetryHostPredicate': needsType,
  'envoy.config.route.v3.RetryPolicy.RetryPriority': needsType,
  'envoy.config.core.v3.RetryPolicy.RetryHostPredicate': needsTypeAtOnce('retry_host_predicates'),
  'envoy.config.core.v3.RetryPolicy.RetryPriority': needsTypeAtOnce('retry_priorities'),
  'envoy.config.cluster.v3.Filter': (filter) => [bothSources(filter) ?? checkExtension(filter)],
  'envoy.config.cluster.v3.Cluster.TransportSocketMatch': (match) => [
    match.has('transport_socket') || match.isIncomplete ? undefined : errorAt(match, 'A "transport_socket" is missing.'),
  ],
  [CLUSTER]: (cluster) => [checkClusterType(cluster), checkPolicies(cluster), ...checkProtocolOptions(cluster)],
});

function checkExtension(extension: ConfigNode): Problem | undefined {
  const isElsewhere = extension.has('config_discovery') || extension.entry('config') || extension.entry('hidden_envoy_deprecated_config');
  if (extension.isIncomplete || isElsewhere) return undefined;
  const config = extension.get('typed_config');
  return !config || (config.entries().length === 0 && !config.isIncomplete)
    ? errorAt(extension, `No extension is found for "${extension.string('name')}": its "typed_config" with an "@type" is missing.`, {
        fix: () => addConfig(extension, config),
      })
    : undefined;
}

/** Where the name tells the type, and nothing must be set in it. */
function addConfig(extension: ConfigNode, config: ConfigNode | undefined): ProblemFix | undefined {
  const name = extension.string('name');
  const [, kind = '', rest = ''] = /^envoy\.(filters\.http|filters\.network|filters\.listener)\.(\w+)$/.exec(name) ?? [];
  const types = [...typesOfCategory(kind)].filter(
    (type) => type.startsWith(`envoy.extensions.${kind}.${rest}.v3.`) && !isRouteSettings(type),
  );
  const [type = ''] = types;
  const message = messageType(type);
  if (types.length !== 1 || config || !message || missingOf(message, []).length > 0) return undefined;
  const changes = addMember(extension, 'typed_config', { '@type': `type.googleapis.com/${type}` });
  return changes && { title: `Add the "typed_config" of ${name}`, changes };
}

function bothSources(filter: ConfigNode): Problem | undefined {
  const discovery = filter.get('config_discovery');
  return discovery && filter.has('typed_config')
    ? errorAt(discovery, 'Only one of "typed_config" and "config_discovery" can be used.')
    : undefined;
}

function checkClusterType(cluster: ConfigNode): Problem | undefined {
  const custom = cluster.get('cluster_type');
  const config = custom?.get('typed_config');
  if (!custom || custom.isIncomplete || config?.isIncomplete) return undefined;
  if (config) return untypedCluster(custom, config);
  const name = custom.string('name');
  if (clusterExtensionOfName(name) === undefined)
    return errorAt(custom, `There is no cluster type "${name}", and no "typed_config" tells one.`);
  const type = messageType(clusterMessageOfName(name) ?? '');
  const [missing] = type ? missingOf(type, []) : [];
  return missing === undefined ? undefined : errorAt(custom, `The cluster type "${name}" needs a "typed_config": ${missing}.`);
}

function untypedCluster(custom: ConfigNode, config: ConfigNode): Problem | undefined {
  if (config.entries().length === 0) return errorAt(custom, 'There is no cluster type "": the "typed_config" has no "@type".');
  const type = config.entry('@type');
  return type?.asString()?.endsWith('.TypedStruct')
    ? errorAt(type, 'The type of a cluster cannot be told by a TypedStruct: give the message itself.')
    : undefined;
}

/** Of several policies Envoy takes the first that it knows. */
function checkPolicies(cluster: ConfigNode): Problem | undefined {
  const balancing = cluster.get('load_balancing_policy');
  const policies = balancing?.list('policies') ?? [];
  if (!balancing || balancing.isIncomplete) return undefined;
  const isKnown = policies.some((policy) => {
    const type = readTyped(policy.path('typed_extension_config', 'typed_config') ?? policy).type;
    return typesOfCategory('load_balancing_policies').has(type) || (type !== '' && !hasMessage(type));
  });
  return isKnown ? undefined : errorAt(balancing, 'None of these load balancing policies is one that Envoy has.');
}

function checkProtocolOptions(cluster: ConfigNode): Problem[] {
  return cluster.map('typed_extension_protocol_options').flatMap(([name, options]) => {
    const { type } = readTyped(options);
    const isUnknownName = !name.startsWith('envoy.') && (type === '' || hasMessage(type));
    const isForeignHere = isUnknownName || type.startsWith('google.protobuf.') || (type === HTTP_OPTIONS && name !== HTTP_OPTIONS);
    return isForeignHere ? [errorAt(options, `There is no filter or protocol "${name}" with options of the type "${type}".`)] : [];
  });
}

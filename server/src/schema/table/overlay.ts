/** What the descriptors lack, kept by hand: Istio's own filters, Envoy's contrib messages, the Gateway API, old names, and what `Any` fields hold. */
import { contribMessages, opaqueMessages } from './contribMessages';
import { gatewayApiEnums, gatewayApiMessages } from './gatewayApiMessages';
import { istioMessages } from './istioMessages';
import { jsonNameOf } from './readTable';
import type { EnumValue, Field, MessageDescription, ScalarType, Fields } from './messageDescription';

const FIELD = /^(?:(repeated) |map<string, )?([\w.]+)>?$/;

/** Messages that no descriptor describes, by full name. */
export const overlayMessages: ReadonlyMap<string, MessageDescription> = new Map(
  [
    ['udpa.type.v1.TypedStruct', { type_url: 'string', value: 'google.protobuf.Struct' }] satisfies [string, Fields],
    ['google.protobuf.FieldMask', { paths: 'repeated string' }] satisfies [string, Fields],
    ...opaqueMessages.map((name): [string, Fields] => [name, {}]),
    ...Object.entries(istioMessages),
    ...Object.entries(contribMessages),
    ...Object.entries(gatewayApiMessages),
  ].map(([name, fields]): [string, MessageDescription] => [name, describe(fields)]),
);

/** Enums that no descriptor describes, by full name; their values have no numbers in any wire format. */
export const overlayEnums: ReadonlyMap<string, readonly EnumValue[]> = new Map(
  Object.entries(gatewayApiEnums).map(([name, values]): [string, EnumValue[]] => [name, values.map(describeValue)]),
);

function describeValue(name: string, at: number): EnumValue {
  return { name, number: at + 1, deprecated: false, disallowedByDefault: false, removed: false };
}

const listener = 'envoy.config.listener.v3.Listener';
const cluster = 'envoy.config.cluster.v3.Cluster';
const routes = 'envoy.config.route.v3.RouteConfiguration';
const endpoints = 'envoy.config.endpoint.v3.ClusterLoadAssignment';
const admin = 'envoy.admin.v3';

/** `message.field` of an `Any` that always holds one message, for documents that leave its `@type` out. */
export const overlayAnyTypes: ReadonlyMap<string, string> = new Map([
  [`${admin}.ListenersConfigDump.StaticListener.listener`, listener],
  [`${admin}.ListenersConfigDump.DynamicListenerState.listener`, listener],
  [`${admin}.ClustersConfigDump.StaticCluster.cluster`, cluster],
  [`${admin}.ClustersConfigDump.DynamicCluster.cluster`, cluster],
  [`${admin}.RoutesConfigDump.StaticRouteConfig.route_config`, routes],
  [`${admin}.RoutesConfigDump.DynamicRouteConfig.route_config`, routes],
  [`${admin}.ScopedRoutesConfigDump.InlineScopedRouteConfigs.scoped_route_configs`, 'envoy.config.route.v3.ScopedRouteConfiguration'],
  [`${admin}.ScopedRoutesConfigDump.DynamicScopedRouteConfigs.scoped_route_configs`, 'envoy.config.route.v3.ScopedRouteConfiguration'],
  [`${admin}.EndpointsConfigDump.StaticEndpointConfig.endpoint_config`, endpoints],
  [`${admin}.EndpointsConfigDump.DynamicEndpointConfig.endpoint_config`, endpoints],
  [`${admin}.SecretsConfigDump.StaticSecret.secret`, 'envoy.extensions.transport_sockets.tls.v3.Secret'],
  [`${admin}.SecretsConfigDump.DynamicSecret.secret`, 'envoy.extensions.transport_sockets.tls.v3.Secret'],
  [`${admin}.EcdsConfigDump.EcdsFilterConfig.ecds_filter`, 'envoy.config.core.v3.TypedExtensionConfig'],
]);

const network = 'envoy.extensions.filters.network';

/** Old names whose successor the descriptors do not tell. */
export const overlayAliases: ReadonlyMap<string, string> = new Map([
  ['envoy.config.filter.network.client_ssl_auth.v2.ClientSSLAuth', `${network}.client_ssl_auth.v3.ClientSSLAuth`],
  ['envoy.config.filter.network.rocketmq_proxy.v3.RocketmqProxy', `${network}.rocketmq_proxy.v3.RocketmqProxy`],
  ['envoy.config.filter.http.squash.v2.Squash', 'envoy.extensions.filters.http.squash.v3.Squash'],
  ['envoy.extensions.filters.http.golang.v3.Config', 'envoy.extensions.filters.http.golang.v3alpha.Config'],
]);

function describe(fields: Fields): MessageDescription {
  return { fields: Object.entries(fields).map(([name, type]) => describeField(name, type)), oneofs: [], complete: false };
}

function describeField(name: string, text: string): Field {
  const [, repeated, type = ''] = FIELD.exec(text) ?? [];
  const isEnum = Object.hasOwn(gatewayApiEnums, type);
  const isMessage = type.includes('.') && !isEnum;
  return {
    name,
    jsonName: jsonNameOf(name),
    type: isEnum ? 'enum' : isMessage ? 'message' : (type as ScalarType),
    repeated: repeated !== undefined,
    deprecated: false,
    disallowedByDefault: false,
    removed: false,
    sensitive: false,
    ...(isMessage && { message: type }),
    ...(isEnum && { enumName: type }),
    ...(text.startsWith('map<') && { mapKey: 'string' as const }),
  };
}

/** What stands where in a config_dump (envoy.admin.v3, config_dump.proto and config_dump_shared.proto), as tables. */
import { wordTable } from '../../text/wordTable';
import type { ResourceKind, ResourceState } from '../resources/resource';

/** Resource messages, by name. */
export const RESOURCE_KINDS: Readonly<Record<string, ResourceKind>> = wordTable<ResourceKind>({
  'envoy.config.listener.v3.Listener': 'listener',
  'envoy.config.cluster.v3.Cluster': 'cluster',
  'envoy.config.route.v3.RouteConfiguration': 'route_configuration',
  'envoy.config.route.v3.ScopedRouteConfiguration': 'scoped_route_configuration',
  'envoy.config.route.v3.VirtualHost': 'virtual_host',
  'envoy.config.endpoint.v3.ClusterLoadAssignment': 'load_assignment',
  'envoy.extensions.transport_sockets.tls.v3.Secret': 'secret',
  'envoy.config.core.v3.TypedExtensionConfig': 'extension_config',
  'envoy.service.runtime.v3.Runtime': 'runtime',
  'envoy.admin.v3.ClusterStatus': 'cluster_status',
});

/** A repeated field of a section, with the state of its entries and the message field inside an entry. */
interface Section {
  readonly field: string;
  readonly state: ResourceState;
  readonly inner: string;
  readonly kind: ResourceKind;
}

/** The sections of a dump, by their messages. */
export const SECTIONS: Readonly<Record<string, readonly Section[]>> = wordTable<readonly Section[]>({
  'envoy.admin.v3.ClustersConfigDump': [
    { field: 'static_clusters', state: 'static', inner: 'cluster', kind: 'cluster' },
    { field: 'dynamic_active_clusters', state: 'active', inner: 'cluster', kind: 'cluster' },
    { field: 'dynamic_warming_clusters', state: 'warming', inner: 'cluster', kind: 'cluster' },
  ],
  'envoy.admin.v3.ListenersConfigDump': [{ field: 'static_listeners', state: 'static', inner: 'listener', kind: 'listener' }],
  'envoy.admin.v3.RoutesConfigDump': [
    { field: 'static_route_configs', state: 'static', inner: 'route_config', kind: 'route_configuration' },
    { field: 'dynamic_route_configs', state: 'active', inner: 'route_config', kind: 'route_configuration' },
  ],
  'envoy.admin.v3.EndpointsConfigDump': [
    { field: 'static_endpoint_configs', state: 'static', inner: 'endpoint_config', kind: 'load_assignment' },
    { field: 'dynamic_endpoint_configs', state: 'active', inner: 'endpoint_config', kind: 'load_assignment' },
  ],
  'envoy.admin.v3.SecretsConfigDump': [
    { field: 'static_secrets', state: 'static', inner: 'secret', kind: 'secret' },
    { field: 'dynamic_active_secrets', state: 'active', inner: 'secret', kind: 'secret' },
    { field: 'dynamic_warming_secrets', state: 'warming', inner: 'secret', kind: 'secret' },
  ],
  // Its entries hold lists of their own: readDocument reads them.
  'envoy.admin.v3.ScopedRoutesConfigDump': [],
  'envoy.admin.v3.EcdsConfigDump': [{ field: 'ecds_filters', state: 'active', inner: 'ecds_filter', kind: 'extension_config' }],
});

/** Elements that `?resource=` packs straight into `configs`, and fragments of a dump pasted alone. */
export const ENTRIES: Readonly<Record<string, Omit<Section, 'field'>>> = wordTable<Omit<Section, 'field'>>({
  'envoy.admin.v3.ClustersConfigDump.StaticCluster': { state: 'static', inner: 'cluster', kind: 'cluster' },
  'envoy.admin.v3.ClustersConfigDump.DynamicCluster': { state: 'active', inner: 'cluster', kind: 'cluster' },
  'envoy.admin.v3.ListenersConfigDump.StaticListener': { state: 'static', inner: 'listener', kind: 'listener' },
  'envoy.admin.v3.ListenersConfigDump.DynamicListenerState': { state: 'active', inner: 'listener', kind: 'listener' },
  'envoy.admin.v3.RoutesConfigDump.StaticRouteConfig': { state: 'static', inner: 'route_config', kind: 'route_configuration' },
  'envoy.admin.v3.RoutesConfigDump.DynamicRouteConfig': { state: 'active', inner: 'route_config', kind: 'route_configuration' },
  'envoy.admin.v3.EndpointsConfigDump.StaticEndpointConfig': { state: 'static', inner: 'endpoint_config', kind: 'load_assignment' },
  'envoy.admin.v3.EndpointsConfigDump.DynamicEndpointConfig': { state: 'active', inner: 'endpoint_config', kind: 'load_assignment' },
  'envoy.admin.v3.SecretsConfigDump.StaticSecret': { state: 'static', inner: 'secret', kind: 'secret' },
  'envoy.admin.v3.SecretsConfigDump.DynamicSecret': { state: 'active', inner: 'secret', kind: 'secret' },
  'envoy.admin.v3.EcdsConfigDump.EcdsFilterConfig': { state: 'active', inner: 'ecds_filter', kind: 'extension_config' },
});

export const LISTENER_STATES = [
  ['active_state', 'active'],
  ['warming_state', 'warming'],
  ['draining_state', 'draining'],
] as const;

/** The pieces of Envoy's API inside Kubernetes resources: the patches of an EnvoyFilter (Istio) and of an EnvoyPatchPolicy (Envoy Gateway). */
import type { ConfigNode } from '../../schema/configNode';
import { messageType } from '../../schema/table/messageType';
import { messageNameOfTypeUrl, upgradeMessageName } from '../../schema/table/typeUrl';
import { guessFragment } from './guessFragment';
import type { Resource } from '../resources/resource';
import { wordTable } from '../../text/wordTable';

/** Which message a patch of an EnvoyFilter holds, by `applyTo` (istio/api: networking/v1alpha3/envoy_filter.proto, EnvoyFilter.ApplyTo). */
const APPLIED: Readonly<Record<string, string>> = wordTable({
  LISTENER: 'envoy.config.listener.v3.Listener',
  FILTER_CHAIN: 'envoy.config.listener.v3.FilterChain',
  NETWORK_FILTER: 'envoy.config.listener.v3.Filter',
  LISTENER_FILTER: 'envoy.config.listener.v3.ListenerFilter',
  HTTP_FILTER: 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter',
  ROUTE_CONFIGURATION: 'envoy.config.route.v3.RouteConfiguration',
  VIRTUAL_HOST: 'envoy.config.route.v3.VirtualHost',
  HTTP_ROUTE: 'envoy.config.route.v3.Route',
  CLUSTER: 'envoy.config.cluster.v3.Cluster',
  EXTENSION_CONFIG: 'envoy.config.core.v3.TypedExtensionConfig',
  BOOTSTRAP: 'envoy.config.bootstrap.v3.Bootstrap',
});

/** [] for every other kind of resource. */
export function readPatches(resource: ConfigNode): Resource[] {
  const spec = resource.get('spec');
  if (!spec) return [];
  const kind = resource.string('kind');
  if (kind === 'EnvoyFilter') return spec.list('configPatches').flatMap(filterPatch);
  return kind === 'EnvoyPatchPolicy' ? spec.list('jsonPatches').flatMap(jsonPatch) : [];
}

function filterPatch(patch: ConfigNode): Resource[] {
  const value = patch.path('patch', 'value');
  return value ? fragmentOf(value, APPLIED[patch.string('applyTo')]) : [];
}

/** A patch of a whole resource has its type; what stands at a path must tell by itself. */
function jsonPatch(patch: ConfigNode): Resource[] {
  const value = patch.path('operation', 'value');
  if (!value) return [];
  const isWhole = patch.path('operation', 'path')?.asString() === '';
  return fragmentOf(value, isWhole ? upgradeMessageName(messageNameOfTypeUrl(patch.string('type'))) : guessFragment(value));
}

function fragmentOf(value: ConfigNode, message: string | undefined): Resource[] {
  if (!value.isObject || message === undefined || !messageType(message)) return [];
  return [{ kind: 'fragment', name: value.string('name'), state: 'plain', node: value, entry: value, message }];
}

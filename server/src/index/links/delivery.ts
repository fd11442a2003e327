/** What brings resources to a proxy: its dump's sections, config sources beside a name, the bootstrap's dynamic resources. */
import type { ResourceKind } from '../../model/resources/resource';
import { findField, type ConfigNode } from '../../schema/configNode';
import type { ReferenceKind, ReferenceSite } from '../../schema/references/referenceSite';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import { isFileAt, isSourceGiven, readConfigSource } from '../configSource';
import type { ProxyScope } from '../proxyScope';

/** Kinds that are resources of the proxy, by name. */
export const RESOURCES: Partial<Record<ReferenceKind, ResourceKind>> = {
  cluster: 'cluster',
  listener: 'listener',
  internal_listener: 'listener',
  route_configuration: 'route_configuration',
  endpoints: 'load_assignment',
  secret: 'secret',
  extension_config: 'extension_config',
};

/** Does the dump list resources of that kind at all (`?resource=` leaves sections out)? */
export function sectionIsThere(proxy: ProxyScope, kind: ReferenceKind): boolean {
  if (kind === 'endpoints') return proxy.hasEndpoints;
  const resource = RESOURCES[kind] ?? HOMES[kind];
  return resource === undefined || proxy.kinds.has(resource);
}

/** Where names are defined that are no resources. */
const HOMES: Partial<Record<ReferenceKind, ResourceKind>> = {
  http_filter: 'listener',
  jwt_provider: 'listener',
  jwt_requirement: 'listener',
  named_filter_chain: 'listener',
  rate_limit_stage: 'listener',
  lua_source: 'listener',
  api_key_client: 'listener',
  generic_filter: 'listener',
  // The section of routes has those of all protocols.
  thrift_route_configuration: 'route_configuration',
  dubbo_route_configuration: 'route_configuration',
  generic_route_configuration: 'route_configuration',
};

/**
 * Whether the message with the name has a ConfigSource that brings what is named. A dump lists all that was brought, but secrets: what is
 * not there is missing.
 */
export function isDelivered(proxy: ProxyScope, { delivery, kind }: ReferenceSite, { tree, id }: Pick<ConfigNode, 'tree' | 'id'>): boolean {
  if (delivery === undefined || (proxy.kind === 'dump' && kind !== 'secret' && sectionIsThere(proxy, kind))) return false;
  let source = id;
  for (const field of delivery) source = findField(tree, source, field);
  return source !== NO_NODE && isSourceGiven(tree, source);
}

export function isDeliveredByBootstrap(proxy: ProxyScope, kind: ReferenceKind): boolean {
  const dynamic = proxy.bootstrap?.get('dynamic_resources');
  if (!dynamic) return false;
  if (kind === 'cluster') return dynamic.has('cds_resources_locator') || isBroughtUnseen(proxy, dynamic.get('cds_config'));
  if (kind === 'listener' || kind === 'internal_listener')
    return dynamic.has('lds_resources_locator') || isBroughtUnseen(proxy, dynamic.get('lds_config'));
  return false;
}

/** A source other than a file that is among those of the proxy: what is not in that is nowhere. */
function isBroughtUnseen({ uris }: ProxyScope, config: ConfigNode | undefined): boolean {
  if (!config) return false;
  const source = readConfigSource(config);
  return source.kind !== 'path' || !uris.some((uri) => isFileAt(uri, source.path));
}

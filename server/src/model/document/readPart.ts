/** What stands in one part of a document: sections of a dump, what a client has, a bootstrap, or resources by themselves. */
import type { ConfigNode } from '../../schema/configNode';
import { messageNameOfTypeUrl, upgradeMessageName } from '../../schema/table/typeUrl';
import { addResource, type OpenPart } from './documentPart';
import { ENTRIES, RESOURCE_KINDS, SECTIONS } from './dumpSections';
import { identifyMessage } from './identifyMessage';
import { isPlausible } from './isPlausible';
import { readDynamicListener, readEntry, readSectionFields } from './readSections';

/** How many resources without a type are looked at closely: the lists of a proxy are all of a kind. */
const DOUBTED = 16;

/** An entry of `configs`, a DiscoveryResponse, an istioctl section, or a bare resource. False where it is none of them. */
export function readSection(section: ConfigNode, part: OpenPart): boolean {
  const { message, body } = identifyMessage(section);
  if (message === undefined) return false;
  const kind = RESOURCE_KINDS[message];
  if (message === 'envoy.admin.v3.BootstrapConfigDump') {
    const bootstrap = section.get('bootstrap');
    if (bootstrap) readBootstrap(bootstrap, part);
  } else if (message === 'envoy.admin.v3.ConfigDump') {
    for (const config of section.list('configs')) readSection(config, part);
  } else if (message === 'envoy.service.discovery.v3.DiscoveryResponse') {
    for (const resource of section.list('resources')) readSection(resource.get('resource') ?? resource, part);
  } else if (message === 'envoy.admin.v3.Clusters') {
    for (const status of section.list('cluster_statuses'))
      addResource(part, { kind: 'cluster_status', state: 'active', node: status, entry: status });
    part.hasEndpoints = true;
  } else if (message === 'envoy.admin.v3.ListenersConfigDump.DynamicListener') readDynamicListener(section, part);
  else if (ENTRIES[message]) readEntry(section, ENTRIES[message], part);
  else if (SECTIONS[message]) readSectionFields(section, message, part);
  else if (kind && (section.entry('@type') || part.resources.length >= DOUBTED || isPlausible(body, message)))
    addResource(part, { kind, state: 'plain', node: body, entry: section });
  else return false;
  return true;
}

/** The bootstrap itself and, of a file, its static resources. */
export function readBootstrap(bootstrap: ConfigNode, part: OpenPart): void {
  part.proxyNode ??= bootstrap.get('node');
  addResource(part, { kind: 'bootstrap', state: 'static', node: bootstrap, entry: bootstrap });
  // A dump lists the static resources again, as they are in use; there the bootstrap's copies are not the ones.
  if (part.kind === 'dump') return;
  for (const [field, kind] of STATIC_LISTS)
    for (const node of bootstrap.get('static_resources')?.list(field) ?? [])
      addResource(part, { kind, state: 'static', node, entry: node });
}

/** The lists of `static_resources`. */
const STATIC_LISTS = [
  ['listeners', 'listener'],
  ['clusters', 'cluster'],
  ['secrets', 'secret'],
] as const;

/** What one xDS client has (envoy/service/status/v3/csds.proto). */
export function readClient(client: ConfigNode, part: OpenPart): void {
  part.proxyNode = client.get('node');
  for (const config of client.list('generic_xds_configs')) {
    const kind = RESOURCE_KINDS[upgradeMessageName(messageNameOfTypeUrl(config.string('type_url')))];
    const state = config.bool('is_static_resource') ? 'static' : 'active';
    if (kind) readEntry(config, { state, inner: 'xds_config', kind }, part);
  }
  for (const config of client.list('xds_config'))
    for (const [field, message] of CLIENT_SECTIONS) {
      const section = config.get(field);
      if (section) readSectionFields(section, message, part);
    }
}

/** The sections of a client's older answer. */
const CLIENT_SECTIONS = [
  ['listener_config', 'envoy.admin.v3.ListenersConfigDump'],
  ['cluster_config', 'envoy.admin.v3.ClustersConfigDump'],
  ['route_config', 'envoy.admin.v3.RoutesConfigDump'],
  ['scoped_route_config', 'envoy.admin.v3.ScopedRoutesConfigDump'],
  ['endpoint_config', 'envoy.admin.v3.EndpointsConfigDump'],
] as const;

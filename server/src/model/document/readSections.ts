/** Reads the resources in the sections of a dump (envoy.admin.v3, config_dump.proto). */
import { bodyOf, type ConfigNode } from '../../schema/configNode';
import { addResource, type OpenPart } from './documentPart';
import { LISTENER_STATES, SECTIONS } from './dumpSections';
import type { ResourceKind, ResourceState } from '../resources/resource';

/**
 * Where the dump lists what was delivered and nothing static, no proxy has written it (`egctl translate`): then the bootstrap's own
 * clusters and listeners are the static ones. Secrets are, wherever no static ones are listed: `?resource=` leaves them out, too.
 */
export function addUnlisted(part: OpenPart): void {
  const resources = part.resources.find(({ kind }) => kind === 'bootstrap')?.node.get('static_resources');
  for (const [field, kind] of [
    ['listeners', 'listener'],
    ['clusters', 'cluster'],
    ['secrets', 'secret'],
  ] as const) {
    const listed = part.resources.filter((resource) => resource.kind === kind);
    if ((kind !== 'secret' && listed.length === 0) || listed.some(({ state }) => state === 'static')) continue;
    for (const node of resources?.list(field) ?? []) addResource(part, { kind, state: 'static', node, entry: node });
  }
}

/** Every entry of a section of a dump (`envoy.admin.v3.*ConfigDump`) into the part. */
export function readSectionFields(section: ConfigNode, message: string, part: OpenPart): void {
  if (message === 'envoy.admin.v3.EndpointsConfigDump') part.hasEndpoints = true;
  for (const { field, state, inner, kind } of SECTIONS[message] ?? [])
    for (const entry of section.list(field)) readEntry(entry, { state, inner, kind }, part);
  if (message === 'envoy.admin.v3.ListenersConfigDump')
    for (const entry of section.list('dynamic_listeners')) readDynamicListener(entry, part);
  if (message === 'envoy.admin.v3.ScopedRoutesConfigDump')
    for (const field of ['inline_scoped_route_configs', 'dynamic_scoped_route_configs'])
      for (const entry of section.list(field))
        for (const scoped of entry.list('scoped_route_configs'))
          addResource(part, {
            kind: 'scoped_route_configuration',
            state: 'active',
            node: bodyOf(scoped),
            entry,
            set: entry.string('name'),
          });
}

/** One entry of a list of a section: its resource stands under `inner`, in an `Any` or not. */
export function readEntry(
  entry: ConfigNode,
  { state, inner, kind }: { state: ResourceState; inner: string; kind: ResourceKind },
  part: OpenPart,
): void {
  if (kind === 'load_assignment') part.hasEndpoints = true;
  const body = entry.get(inner);
  if (body) addResource(part, { kind, state, node: bodyOf(body), entry });
  addFailed(entry, kind, part);
}

/** `DynamicListener` holds up to three states of one listener: active, warming, draining. */
export function readDynamicListener(entry: ConfigNode, part: OpenPart): void {
  for (const [field, state] of LISTENER_STATES) {
    const holder = entry.get(field);
    const listener = holder?.get('listener');
    if (listener) addResource(part, { kind: 'listener', state, node: bodyOf(listener), entry });
  }
  addFailed(entry, 'listener', part);
}

/** `error_state.failed_configuration`: what Envoy refused. Kept apart, never traced. */
function addFailed(entry: ConfigNode, kind: ResourceKind, part: OpenPart): void {
  const failed = entry.path('error_state', 'failed_configuration');
  if (failed) addResource(part, { kind, state: 'error', node: bodyOf(failed), entry });
}

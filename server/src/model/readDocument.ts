/** Finds the proxies and resources in a document, whatever shape it has: dump, bootstrap, xDS file, istioctl list, bare resource. */
import { bodyOf, ConfigNode, readTyped } from '../schema/configNode';
import { messageNameOfTypeUrl, upgradeMessageName } from '../schema/typeUrl';
import type { SyntaxTree } from '../syntax/syntaxTree';
import { ENTRIES, LISTENER_STATES, RESOURCE_KINDS, SECTIONS } from './dumpSections';
import { guessFragment, isNamedExtension } from './guessFragment';
import { guessMessage } from './guessMessage';
import { isPlausible } from './isPlausible';
import { readPatches } from './readPatches';
import { ztunnelSectionOf } from './ztunnelDump';
import { newContent, type Resource, type ResourceKind, type ResourceState } from './resource';
import { wordTable } from '../text/wordTable';

/** What one proxy (or a piece of one) says of itself in a document. A dump of several pods (egctl) has several. */
export interface DocumentPart {
  /** `dump` and `bootstrap` are whole proxies; `partial` joins the others of its folder; `ztunnel` is the Rust one; `istio` are Istio's own resources. */
  readonly kind: 'dump' | 'bootstrap' | 'partial' | 'ztunnel' | 'istio';
  /** Where the part begins. */
  readonly node: ConfigNode;
  /** `core.v3.Node`, where the part has a bootstrap. */
  readonly proxyNode: ConfigNode | undefined;
  /** A name that the wrapper gives. Example: `envoy-gateway-system/envoy-default-eg` (egctl). */
  readonly label: string | undefined;
  readonly resources: readonly Resource[];
  /** True where the part has an EndpointsConfigDump, so that what is absent there is really absent. */
  readonly hasEndpoints: boolean;
}

/** All parts of a document; [] when nothing in it is ours. Never throws. */
export function readDocument(tree: SyntaxTree): DocumentPart[] {
  const reader = new PartReader();
  for (const root of tree.roots) reader.readTop(new ConfigNode(tree, root), undefined);
  return reader.finish();
}

interface OpenPart {
  kind: DocumentPart['kind'];
  node: ConfigNode;
  proxyNode: ConfigNode | undefined;
  label: string | undefined;
  resources: Resource[];
  hasEndpoints: boolean;
}

/** Lists in lists, and objects that may be fragments: no configuration needs more, and other data may have millions. */
const MAX_DEPTH = 4;
const MAX_FRAGMENTS = 200;
/** Objects that are no fragments either; who has met so many reads something else. */
const MAX_STRANGE = 24;
/** How many resources without a type are looked at closely: the lists of a proxy are all of a kind. */
const DOUBTED = 16;

class PartReader {
  private readonly parts: OpenPart[] = [];
  private partial: OpenPart | undefined;
  private fragmentsLeft = MAX_FRAGMENTS;
  private strangeLeft = MAX_STRANGE;

  finish(): DocumentPart[] {
    return this.parts.filter(
      (part) => part.kind === 'dump' || part.kind === 'bootstrap' || part.kind === 'ztunnel' || part.resources.length > 0,
    );
  }

  /** A whole document, an item of a top-level list, or what a wrapper holds. */
  readTop(node: ConfigNode, label: string | undefined, depth = 0): void {
    if (node.isArray) {
      if (depth === 0 && ztunnelSectionOf(node) !== undefined) this.open('ztunnel', node, label);
      else if (depth < MAX_DEPTH) for (const item of node.items()) this.readTop(item, label, depth + 1);
      return;
    }
    if (!node.isObject) return;
    if (node.has('apiVersion') && node.has('kind')) return this.readKubernetes(node);
    const { message, body } = identify(node);
    switch (message) {
      case 'envoy.admin.v3.ConfigDump': {
        const part = this.open('dump', node, label);
        for (const config of node.list('configs')) this.readSection(config, part);
        addUnlisted(part);
        return;
      }
      case 'envoy.config.bootstrap.v3.Bootstrap':
        return this.readBootstrap(body, this.open('bootstrap', node, label));
      case 'envoy.service.status.v3.ClientStatusResponse':
        for (const client of node.list('config')) this.readClient(client, label);
        return;
      case 'envoy.service.status.v3.ClientConfig':
        return this.readClient(node, label);
      case 'ztunnel.ConfigDump':
        this.open('ztunnel', node, label);
        return;
      case undefined:
        if (!this.readWrapper(node, label) && label === undefined) this.readFragment(node);
        return;
      default:
        if (!this.readSection(node, label === undefined ? this.partialPart(node) : this.labelledPart(node, label))) this.readFragment(node);
    }
  }

  /** What one xDS client has (envoy/service/status/v3/csds.proto). */
  private readClient(client: ConfigNode, label: string | undefined): void {
    const part = this.open('dump', client, label);
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

  /** A piece that is no resource by itself; one that stands in the text, not what some tool wrapped. */
  private readFragment(node: ConfigNode): void {
    if (this.fragmentsLeft <= 0 || this.strangeLeft <= 0) return;
    const message = guessFragment(node);
    if (message === undefined || message.startsWith('envoy.admin.')) {
      this.strangeLeft--;
      return;
    }
    this.fragmentsLeft--;
    add(this.partialPart(node), { kind: 'fragment', state: 'plain', node, entry: node, message });
  }

  /**
   * `namespace → pod → dump` (egctl), ConfigMaps' embedded files, resources under the URL of their type (kumactl), and lists of resources
   * under their plural; nothing deeper than that. True where something was there.
   */
  private readWrapper(node: ConfigNode, label: string | undefined): boolean {
    const depth = label === undefined ? 0 : label.split('/').length;
    if (depth >= 2) return false;
    const before = this.countResources();
    for (const [key, value] of node.entries()) {
      this.readListed(key, value);
      if (!value.isObject) continue;
      const kind = RESOURCE_KINDS[upgradeMessageName(messageNameOfTypeUrl(key))];
      const { message } = identify(value);
      if (kind) this.readByName(kind, value);
      else if (message !== undefined ? isWhole(message) : depth < 1) this.readTop(value, label === undefined ? key : `${label}/${key}`);
    }
    return this.countResources() > before;
  }

  private countResources(): number {
    return this.parts.length + this.parts.reduce((sum, part) => sum + part.resources.length, 0);
  }

  /** Resources by their names, as a control plane delivers them. */
  private readByName(kind: ResourceKind, node: ConfigNode): void {
    const part = this.partialPart(node);
    for (const [, body] of node.entries()) if (body.isObject) add(part, { kind, state: 'active', node: bodyOf(body), entry: body });
  }

  /** `clusters: [...]` where each item is a cluster, or an object of them by name; `http_filters: [...]` alone, with filters in it. */
  private readListed(key: string, list: ConfigNode): void {
    const kind = LIST_KINDS[key.toLowerCase().replace(/_/g, '')];
    const items = kind && list.isObject ? list.entries().map(([, value]) => value) : list.items();
    for (const item of items) {
      const { message } = identify(item);
      if (kind && message !== undefined && RESOURCE_KINDS[message] === kind) this.readSection(item, this.partialPart(list));
      else if (!kind && isNamedExtension(item)) this.readFragment(item);
      else return;
    }
  }

  private readKubernetes(node: ConfigNode): void {
    if (node.string('kind') === 'ConfigMap') {
      for (const [, value] of node.map('data')) if (value.isObject) this.readTop(value, undefined);
      return;
    }
    if (node.string('kind') === 'List') {
      for (const item of node.list('items')) this.readTop(item, undefined);
      return;
    }
    const part = this.parts.find((open) => open.kind === 'istio') ?? this.open('istio', node, undefined);
    const name = node.path('metadata', 'name')?.asString() ?? '';
    part.resources.push({ kind: 'istio_resource', name, state: 'plain', node, entry: node, content: newContent() });
    part.resources.push(...readPatches(node));
  }

  private readBootstrap(bootstrap: ConfigNode, part: OpenPart): void {
    part.proxyNode ??= bootstrap.get('node');
    add(part, { kind: 'bootstrap', state: 'static', node: bootstrap, entry: bootstrap });
    const isDump = part.kind === 'dump';
    const resources = bootstrap.get('static_resources');
    if (!resources) return;
    // A dump lists the static resources again, as they are in use; there the bootstrap's copies are not the ones.
    const state: ResourceState = 'static';
    if (!isDump) {
      for (const node of resources.list('listeners')) add(part, { kind: 'listener', state, node, entry: node });
      for (const node of resources.list('clusters')) add(part, { kind: 'cluster', state, node, entry: node });
    }
    for (const node of resources.list('secrets')) add(part, { kind: 'secret', state, node, entry: node });
  }

  /** An entry of `configs`, a DiscoveryResponse, an istioctl section, or a bare resource. False where it is none of them. */
  private readSection(section: ConfigNode, part: OpenPart): boolean {
    const { message, body } = identify(section);
    if (message === undefined) return false;
    const kind = RESOURCE_KINDS[message];
    if (message === 'envoy.admin.v3.BootstrapConfigDump') {
      const bootstrap = section.get('bootstrap');
      if (bootstrap) this.readBootstrap(bootstrap, part);
    } else if (message === 'envoy.admin.v3.ConfigDump') {
      for (const config of section.list('configs')) this.readSection(config, part);
    } else if (message === 'envoy.service.discovery.v3.DiscoveryResponse') {
      for (const resource of section.list('resources')) this.readSection(resource.get('resource') ?? resource, part);
    } else if (message === 'envoy.admin.v3.Clusters') {
      for (const status of section.list('cluster_statuses'))
        add(part, { kind: 'cluster_status', state: 'active', node: status, entry: status });
      part.hasEndpoints = true;
    } else if (message === 'envoy.admin.v3.ListenersConfigDump.DynamicListener') readDynamicListener(section, part);
    else if (ENTRIES[message]) readEntry(section, ENTRIES[message], part);
    else if (SECTIONS[message]) readSectionFields(section, message, part);
    else if (kind && (section.entry('@type') || part.resources.length >= DOUBTED || isPlausible(body, message)))
      add(part, { kind, state: 'plain', node: body, entry: section });
    else return false;
    return true;
  }

  private open(kind: OpenPart['kind'], node: ConfigNode, label: string | undefined): OpenPart {
    const part: OpenPart = { kind, node, proxyNode: undefined, label, resources: [], hasEndpoints: false };
    this.parts.push(part);
    return part;
  }

  private partialPart(node: ConfigNode): OpenPart {
    return (this.partial ??= this.open('partial', node, undefined));
  }

  private labelledPart(node: ConfigNode, label: string): OpenPart {
    return this.parts.find((part) => part.kind === 'dump' && part.label === label) ?? this.open('dump', node, label);
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

/** What tools call their lists of resources, in lower case without underscores. */
const LIST_KINDS: Readonly<Record<string, ResourceKind>> = wordTable({
  listeners: 'listener',
  clusters: 'cluster',
  routes: 'route_configuration',
  routeconfigs: 'route_configuration',
  routeconfigurations: 'route_configuration',
  endpoints: 'load_assignment',
  clusterloadassignments: 'load_assignment',
  secrets: 'secret',
});

/** The message of an object by `@type`, else by its members; `body` holds its fields. */
function identify(node: ConfigNode): { message: string | undefined; body: ConfigNode } {
  if (node.entry('@type')) {
    const typed = readTyped(node);
    if (typed.type !== '') return { message: adminName(typed.type), body: typed.node };
  }
  if (node.has('resources') && (node.get('resources')?.isArray ?? false))
    return { message: 'envoy.service.discovery.v3.DiscoveryResponse', body: node };
  return { message: guessMessage(node), body: node };
}

/** `envoy.admin.v2alpha.X` of old dumps is `envoy.admin.v3.X`. */
function adminName(name: string): string {
  return upgradeMessageName(name).replace(/^envoy\.admin\.v2alpha\./, 'envoy.admin.v3.');
}

function isWhole(message: string): boolean {
  return (
    message.startsWith('envoy.admin.v3.') ||
    message === 'envoy.config.bootstrap.v3.Bootstrap' ||
    message === 'envoy.service.discovery.v3.DiscoveryResponse'
  );
}

/**
 * Where the dump lists what was delivered and nothing static, no proxy has written it (`egctl translate`): then the bootstrap's own
 * clusters and listeners are the static ones.
 */
function addUnlisted(part: OpenPart): void {
  const bootstrap = part.resources.find(({ kind }) => kind === 'bootstrap')?.node;
  for (const [field, kind] of [
    ['listeners', 'listener'],
    ['clusters', 'cluster'],
  ] as const) {
    const listed = part.resources.filter((resource) => resource.kind === kind);
    if (listed.length === 0 || listed.some(({ state }) => state === 'static')) continue;
    for (const node of bootstrap?.get('static_resources')?.list(field) ?? []) add(part, { kind, state: 'static', node, entry: node });
  }
}

function readSectionFields(section: ConfigNode, message: string, part: OpenPart): void {
  if (message === 'envoy.admin.v3.EndpointsConfigDump') part.hasEndpoints = true;
  for (const { field, state, inner, kind } of SECTIONS[message] ?? [])
    for (const entry of section.list(field)) readEntry(entry, { state, inner, kind }, part);
  if (message === 'envoy.admin.v3.ListenersConfigDump')
    for (const entry of section.list('dynamic_listeners')) readDynamicListener(entry, part);
  if (message === 'envoy.admin.v3.ScopedRoutesConfigDump')
    for (const field of ['inline_scoped_route_configs', 'dynamic_scoped_route_configs'])
      for (const entry of section.list(field))
        for (const scoped of entry.list('scoped_route_configs'))
          add(part, {
            kind: 'scoped_route_configuration',
            state: 'active',
            node: bodyOf(scoped),
            entry,
            set: entry.string('name'),
          });
}

function readEntry(
  entry: ConfigNode,
  { state, inner, kind }: { state: ResourceState; inner: string; kind: ResourceKind },
  part: OpenPart,
): void {
  if (kind === 'load_assignment') part.hasEndpoints = true;
  const body = entry.get(inner);
  if (body) add(part, { kind, state, node: bodyOf(body), entry });
  addFailed(entry, kind, part);
}

function readDynamicListener(entry: ConfigNode, part: OpenPart): void {
  for (const [field, state] of LISTENER_STATES) {
    const holder = entry.get(field);
    const listener = holder?.get('listener');
    if (listener) add(part, { kind: 'listener', state, node: bodyOf(listener), entry });
  }
  addFailed(entry, 'listener', part);
}

/** `error_state.failed_configuration`: what Envoy refused. Kept apart, never traced. */
function addFailed(entry: ConfigNode, kind: ResourceKind, part: OpenPart): void {
  const failed = entry.path('error_state', 'failed_configuration');
  if (failed) add(part, { kind, state: 'error', node: bodyOf(failed), entry });
}

function add(part: OpenPart, resource: Omit<Resource, 'name' | 'content'>): void {
  part.resources.push({ ...resource, name: nameOfResource(resource), content: newContent() });
}

/** Resources without a name of their own have the one that the dump's entry gives. */
export function nameOfResource({ kind, node, entry }: Pick<Resource, 'kind' | 'node' | 'entry'>): string {
  const own = kind === 'load_assignment' ? node.string('cluster_name') : node.string('name');
  return own || (kind === 'secret' || kind === 'listener' ? entry.string('name') : '');
}

/** Finds the proxies and resources in a document, whatever shape it has: dump, bootstrap, xDS file, istioctl list, bare resource. */
import { bodyOf, ConfigNode } from '../../schema/configNode';
import { messageNameOfTypeUrl, upgradeMessageName } from '../../schema/table/typeUrl';
import type { SyntaxTree } from '../../syntax/tree/syntaxTree';
import { wordTable } from '../../text/wordTable';
import { addResource, closePart, type DocumentPart, type OpenPart } from './documentPart';
import { RESOURCE_KINDS } from './dumpSections';
import { guessFragment, isNamedExtension, tellsItsType } from './guessFragment';
import { guessParts } from './guessParts';
import { SERVER_INFO } from './guessMessage';
import { identifyMessage, isWhole } from './identifyMessage';
import { meshConfigOf } from '../istio/istioSpec';
import { readBootstrap, readClient, readSection } from './readPart';
import { readPatches } from './readPatches';
import { addUnlisted } from './readSections';
import type { ResourceKind } from '../resources/resource';
import { ztunnelSectionOf } from '../ztunnel/ztunnelDump';

/** All parts of a document; [] when nothing in it is ours. Never throws. */
export function readDocument(tree: SyntaxTree): DocumentPart[] {
  const reader = new PartReader();
  for (const root of tree.roots) reader.readTop(new ConfigNode(tree, root), undefined);
  return reader.finish();
}

/** Lists in lists, and objects that may be fragments: no configuration needs more, and other data may have millions. */
const MAX_DEPTH = 4;
const MAX_FRAGMENTS = 200;
/** Objects that are no fragments either; who has met so many reads something else. */
const MAX_STRANGE = 24;

class PartReader {
  private readonly parts: OpenPart[] = [];
  private partial: OpenPart | undefined;
  private fragmentsLeft = MAX_FRAGMENTS;
  private strangeLeft = MAX_STRANGE;

  finish(): DocumentPart[] {
    return this.parts
      .filter((part) => part.kind === 'dump' || part.kind === 'bootstrap' || part.kind === 'ztunnel' || part.resources.length > 0)
      .map(closePart);
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
    if (isOfMosn(node)) return;
    const { message, body } = identifyMessage(node);
    switch (message) {
      case 'envoy.admin.v3.ConfigDump': {
        const part = this.open('dump', node, label);
        for (const config of node.list('configs')) readSection(config, part);
        addUnlisted(part);
        return;
      }
      case 'envoy.config.bootstrap.v3.Bootstrap':
        return readBootstrap(body, this.open('bootstrap', node, label));
      case 'envoy.service.status.v3.ClientStatusResponse':
        for (const client of node.list('config')) readClient(client, this.open('dump', client, label));
        return;
      case 'envoy.service.status.v3.ClientConfig':
        return readClient(node, this.open('dump', node, label));
      case 'ztunnel.ConfigDump':
        this.open('ztunnel', node, label);
        return;
      case SERVER_INFO:
        return this.readServerInfo(body, node);
      case undefined:
        return this.readUnknown(node, label);
      default:
        if (!readSection(node, label === undefined ? this.partialPart(node) : this.labelledPart(node, label))) this.readFragment(node);
    }
  }

  /** A wrapper or a fragment. A connection manager holds a route configuration: what all its keys give away is no wrapper. */
  private readUnknown(node: ConfigNode, label: string | undefined): void {
    const isTop = label === undefined;
    const isFirst = isTop && !holdsLists(node);
    if (isFirst && this.readFragment(node)) return;
    const isWrapper = this.readWrapper(node, label);
    if (isFirst && isWrapper) this.strangeLeft++;
    if (isTop && !isWrapper && (isFirst || !this.readFragment(node)) && !this.readParts(node)) this.readTypedValues(node);
  }

  /** A piece that is no resource by itself; one that stands in the text, not what some tool wrapped. */
  private readFragment(node: ConfigNode): boolean {
    if (this.fragmentsLeft <= 0 || this.strangeLeft <= 0) return false;
    const message = guessFragment(node);
    if (message === undefined || message.startsWith('envoy.admin.')) {
      this.strangeLeft--;
      return false;
    }
    this.fragmentsLeft--;
    addResource(this.partialPart(node), { kind: 'fragment', state: 'plain', node, entry: node, message });
    return true;
  }

  /** A part by itself, since it may be of another proxy than what stands beside it. */
  private readServerInfo(body: ConfigNode, entry: ConfigNode): void {
    const part = this.open('partial', entry, undefined);
    part.proxyNode = body.get('node');
    addResource(part, { kind: 'fragment', state: 'active', node: body, entry, message: SERVER_INFO });
  }

  /** False where there are none. */
  private readParts(node: ConfigNode): boolean {
    const parts = this.strangeLeft > 0 ? guessParts(node) : [];
    for (const { node: part, message } of parts)
      if (this.fragmentsLeft-- > 0)
        addResource(this.partialPart(part), { kind: 'fragment', state: 'plain', node: part, entry: part, message });
    return parts.length > 0;
  }

  /** Values of a map, or of a field that many messages have (`typed_config`), which say themselves what they are. */
  private readTypedValues(node: ConfigNode, depth = 0): void {
    if (depth >= MAX_DEPTH) return;
    for (const [, value] of node.entries())
      if (value.isObject && tellsItsType(value) && !this.readFragment(value)) this.readTypedValues(value, depth + 1);
  }

  /**
   * `namespace → pod → dump` (egctl), ConfigMaps' embedded files, resources under the URL of their type (kumactl), caches of control planes,
   * and lists of resources under their plural; nothing deeper than that. True where something was there.
   */
  private readWrapper(node: ConfigNode, label: string | undefined): boolean {
    const depth = label === undefined ? 0 : label.split('/').length;
    if (depth >= 2) return false;
    const before = this.countResources();
    this.readCache(node.entry('Resources'));
    for (const [key, value] of node.entries()) {
      this.readListed(key, value);
      if (!value.isObject) continue;
      const kind = RESOURCE_KINDS[upgradeMessageName(messageNameOfTypeUrl(key))];
      const { message } = identifyMessage(value);
      if (kind) this.readByName(kind, value);
      else if (message !== undefined ? isWhole(message) : depth < 1) this.readTop(value, label === undefined ? key : `${label}/${key}`);
    }
    return this.countResources() > before;
  }

  /** A snapshot of go-control-plane (pkg/cache/v3/snapshot.go) whose resources somebody wrote as proto JSON: by type, then by name. */
  private readCache(types: ConfigNode | undefined): void {
    for (const type of types?.items() ?? [])
      for (const [, item] of type.entry('Items')?.entries() ?? []) {
        const resource = item.entry('Resource');
        if (resource?.isObject) readSection(resource, this.partialPart(resource));
      }
  }

  private countResources(): number {
    return this.parts.length + this.parts.reduce((sum, part) => sum + part.resources.length, 0);
  }

  /** Resources by their names, as a control plane delivers them. */
  private readByName(kind: ResourceKind, node: ConfigNode): void {
    const part = this.partialPart(node);
    for (const [, body] of node.entries()) if (body.isObject) addResource(part, { kind, state: 'active', node: bodyOf(body), entry: body });
  }

  /** `clusters: [...]` where each item is a cluster, or an object of them by name; `http_filters: [...]` alone, with filters in it. */
  private readListed(key: string, list: ConfigNode): void {
    const kind = listKindOf(key);
    const items = kind && list.isObject ? list.entries().map(([, value]) => value) : list.items();
    for (const item of items) {
      const { message } = identifyMessage(item);
      if (kind && message !== undefined && RESOURCE_KINDS[message] === kind) readSection(item, this.partialPart(list));
      else if (kind ? message === ROUTE && this.readFragment(item) : isNamedExtension(item) && this.readFragment(item)) continue;
      else return;
    }
  }

  private readKubernetes(node: ConfigNode): void {
    if (node.string('kind') === 'ConfigMap' && !meshConfigOf(node)) {
      for (const [, value] of node.map('data')) if (value.isObject) this.readTop(value, undefined);
      return;
    }
    if (node.string('kind') === 'List') {
      for (const item of node.list('items')) this.readTop(item, undefined);
      return;
    }
    const part = this.parts.find((open) => open.kind === 'istio') ?? this.open('istio', node, undefined);
    const name = node.path('metadata', 'name')?.asString() ?? '';
    part.resources.push({ kind: 'istio_resource', name, state: 'plain', node, entry: node });
    part.resources.push(...readPatches(node));
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

/** The items of `routes` in a virtual host; a list of route configurations is called so, too. */
const ROUTE = 'envoy.config.route.v3.Route';

/** Lists of resources under their plural. */
function holdsLists(node: ConfigNode): boolean {
  return node.entries().some(([key]) => listKindOf(key) !== undefined);
}

/** The configuration of MOSN has words of Envoy's that mean other things. */
function isOfMosn(node: ConfigNode): boolean {
  return node.list('servers').some((server) => server.has('listeners') || server.has('routers')) && node.has('cluster_manager');
}

function listKindOf(key: string): ResourceKind | undefined {
  return LIST_KINDS[key.toLowerCase().replace(/_/g, '')];
}

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

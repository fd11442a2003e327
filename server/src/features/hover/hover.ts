/** Hover: what the thing under the cursor is and where it leads. */
import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import { proxiesOf, type Snapshot } from '../../index/buildSnapshot';
import type { DocumentFacts } from '../../index/documentFacts';
import type { NamedPlace } from '../../index/documentNames';
import { elsewhere, isReference, resolveLink, type LinkTarget } from '../../index/links';
import { messagesAt, resourceAt, resourcesIn } from '../../index/messagesAt';
import { namedMessage } from '../../index/definitionsOf';
import type { ProxyScope } from '../../index/proxyScope';
import { branchOf, enclosingAction } from '../../model/matcherBranch';
import type { ConfigNode } from '../../schema/configNode';
import { canonicalIp } from '../../model/address';
import { explainIstioName, type NamedKind } from '../../model/explainIstioName';
import type { Span } from '../../text/span';
import { ownerOfAddress } from '../addressOwners';
import { isOfIstio } from '../isOfIstio';
import { isOurs } from '../isOurs';
import { code, escapeMarkdown } from '../markdown';
import { configNodeAt, namedPlaceAt, rangeOfName, rangeOfNode, rangeOfSpan, type Place } from '../place';
import { noSchemaComments, type SchemaComments } from '../../schema/schemaComments';
import { describeCluster } from './describeCluster';
import { describeCertificates } from './describeCertificate';
import { describeDefinition, describeFilterStateKey, titleOfKind } from './describeDefinition';
import { describeEndpoint, describeLoadAssignment } from './describeEndpoints';
import { describeField } from './describeField';
import { describeFilterChain } from './describeFilterChain';
import { describeFilterPlace } from './describeFilterPlace';
import { describeIstioField } from './describeIstioField';
import { describeIstioResource, describeMaking } from './describeIstioResource';
import { describeListener } from './describeListener';
import { describeMatcherAction, describeMatcherBranch } from './describeMatcherAction';
import { describeRbacPolicy } from './describeRbacPolicy';
import { describeOperatorAt } from './describeOperator';
import { describeMetadata } from './describeMetadata';
import { describeRoute, describeRouteConfiguration, describeVirtualHost } from './describeRoute';
import { describeSecret } from './describeSecret';
import { describeIstioName, describeMissingResource, describeSecretName, describeTextAt, describeWorkload } from './describeText';
import { describeExtension, describeType } from './describeType';
import type { Seen } from './seen';
import { istioResourceAt } from '../references';
import { describeZtunnelThing } from '../ztunnel/describeZtunnelThing';
import { ztunnelPlaceAt, type ZtunnelPlace } from '../ztunnel/ztunnelPlaces';

/** Null where there is nothing of ours to say. `comments`: what the API's own files say of fields. */
export function findHover(place: Place, comments: SchemaComments = noSchemaComments): Hover | null {
  const node = configNodeAt(place);
  const document = place.snapshot.documents.get(place.uri);
  if (!node || !document) return null;
  if (!isOurs(document)) return foreignHover(place, document, node);
  const under = (each: ConfigNode) => rangeUnder(place, each);
  const operator = operatorHover(place, node);
  if (operator) return operator;
  const name = namedPlaceAt(place);
  const action = describeActionAt(place, node, name);
  if (action !== undefined) return hover(action, name ? rangeOfName(name) : under(node));
  const type = describeType(node, comments);
  if (type !== undefined) return hover(type, under(node));
  const named = name && describeName(place, name);
  if (named !== undefined && name) return hover(withPolicy(named, node), rangeOfName(name));
  const inZtunnel = name ? undefined : ztunnelPlaceAt(place);
  if (inZtunnel) return hover(describeZtunnelThing(inZtunnel.thing), rangeOfZtunnel(inZtunnel));
  const own = describeContent(place, node);
  if (own !== undefined) return hover(own, under(node));
  const istio = describeIstioField(place.snapshot, document, node);
  if (istio !== undefined) return hover(istio, under(node));
  const extension = describeExtension(node, comments, describeFilterPlace(place, node));
  if (extension !== undefined) return hover(extension, under(node));
  const around = describeAround(place, node) ?? describeEntry(place, node);
  if (around !== undefined) return hover(around.text, under(around.node));
  const policy = keyUnder(place, node) ? describeRbacPolicy(node) : [];
  if (policy.length > 0) return hover([`**Policy** ${code(node.key)}`, ...policy].join('\n\n'), under(node));
  const metadata = describeMetadata(node);
  if (metadata !== undefined) return hover(metadata, under(node));
  return fieldHover(place, node, comments);
}

/** The name of an RBAC policy tells of the Istio resource; what the policy says follows. */
function withPolicy(text: string, node: ConfigNode): string {
  return [text, ...describeRbacPolicy(node)].join('\n\n');
}

function keyUnder({ offset }: Place, { tree, id }: ConfigNode): Span | undefined {
  const key = tree.keySpan(id);
  return key && key.start <= offset && offset <= key.end ? key : undefined;
}

/** On a Service or a workload that the mesh knows, by its name. */
function foreignHover(place: Place, facts: DocumentFacts, node: ConfigNode): Hover | null {
  const resource = istioResourceAt(place);
  const text = resource ? describeIstioResource(place.snapshot, resource) : describeIstioField(place.snapshot, facts, node);
  return text === undefined ? null : hover(text, rangeUnder(place, node));
}

/** Of the key, where the cursor is on it; else of the value. */
function rangeUnder(place: Place, node: ConfigNode): Hover['range'] {
  const key = keyUnder(place, node);
  return key ? rangeOfSpan(node.tree, key) : rangeOfNode(node);
}

function rangeOfZtunnel({ node, isKey }: ZtunnelPlace): Hover['range'] {
  const key = isKey ? node.tree.keySpan(node.id) : undefined;
  return key ? rangeOfSpan(node.tree, key) : rangeOfNode(node);
}

/** The name that a dump's entry gives beside its resource (`dynamic_listeners[].name`, `dynamic_active_secrets[].name`). */
function describeEntry({ snapshot, uri }: Place, node: ConfigNode): { text: string; node: ConfigNode } | undefined {
  const entry = node.key === 'name' ? node.parent : undefined;
  const facts = entry && snapshot.documents.get(uri);
  const resource = facts && resourcesIn(facts, entry.id).find((each) => each.entry.sameAs(entry) && !each.node.sameAs(entry));
  const proxy = resource && proxiesOf(snapshot, uri).find(({ resources }) => resources.includes(resource));
  const text = proxy && describeNode({ snapshot, proxy, node: resource.node });
  return text === undefined ? undefined : { text, node };
}

/** On what a matcher's action does or picks; a cluster that it names is more than that, and speaks for itself. */
function describeActionAt(place: Place, node: ConfigNode, name: NamedPlace | undefined): string | undefined {
  const { snapshot, uri } = place;
  const action = name === undefined || name.kind === 'filter_chain' || !isReference(name) ? enclosingAction(node) : undefined;
  if (action && isNear(node, action, 2)) return describeMatcherAction(snapshot, uri, action);
  // Inside the braces of a branch nothing is said.
  const isPointedAt = name === undefined && (keyUnder(place, node) !== undefined || !node.tree.isContainer(node.id));
  const branch = isPointedAt ? branchOf(node) : undefined;
  return branch && describeMatcherBranch(snapshot, uri, branch);
}

/** A command operator in a text that is under the cursor. */
function operatorHover({ offset }: Place, { tree, id }: ConfigNode): Hover | undefined {
  const { start, end } = tree.span(id);
  if (tree.isContainer(id) || offset < start || offset > end) return undefined;
  const found = describeOperatorAt(tree.text.slice(start, end), offset - start);
  return found && hover(found.text, rangeOfSpan(tree, { start: start + found.start, end: start + found.end }));
}

/** What a value says by itself: certificates, names that Istio makes, the name of an Istio resource. */
function describeContent(place: Place, node: ConfigNode): string | undefined {
  const resource = istioResourceAt(place);
  if (resource) return describeIstioResource(place.snapshot, resource);
  const certificates = describeCertificates(node.isField('inline_string', 'inline_bytes') ? node.parent : node);
  if (certificates !== undefined) return certificates;
  const { start } = node.tree.span(node.id);
  const text = place.offset < start ? undefined : node.tree.scalar(node.id);
  if (typeof text !== 'string') return undefined;
  // Escapes make the text longer than it reads; a name alone in its text is found all the same.
  const quote = /^["']/.test(node.tree.text.slice(start, start + 1)) ? 1 : 0;
  return describeTextAt(text, place.offset - start - quote) ?? describeIstioName(text) ?? describeWorkload(node, text);
}

/** On a key, or on a scalar; inside a container's brackets nothing is said. */
function fieldHover({ snapshot, uri, offset }: Place, node: ConfigNode, comments: SchemaComments): Hover | null {
  const facts = snapshot.documents.get(uri);
  const key = node.tree.keySpan(node.id);
  const onKey = key !== undefined && key.start <= offset && offset <= key.end;
  if (!facts || (!onKey && node.tree.isContainer(node.id))) return null;
  const [proxy] = proxiesOf(snapshot, uri);
  // The key before a resource of a dump (`"cluster": {`) stands for the resource.
  const resource =
    proxy && onKey && resourcesIn(facts, node.id)[0]?.node.sameAs(node) ? describeNode({ snapshot, proxy, node }) : undefined;
  if (key && resource !== undefined) return hover(resource, rangeOfSpan(node.tree, key));
  const text = describeField(facts, node, comments);
  const owner = describeOwner(snapshot, node);
  const name = namedPlaceAt({ snapshot, uri, offset });
  const lines = [name && describeFilterStateKey(name), name && describeDefinition(snapshot, name), owner, text].filter(
    (each) => each !== undefined,
  );
  return lines.length === 0 ? null : hover(lines.join('\n\n'), rangeOfSpan(node.tree, onKey ? key : node.tree.span(node.id)));
}

/** Whose an address is, where a document tells. */
function describeOwner(snapshot: Snapshot, node: ConfigNode): string | undefined {
  const ip = canonicalIp(node.asString() ?? '');
  const owner = ip === undefined ? undefined : ownerOfAddress(snapshot, ip);
  return owner === undefined ? undefined : `${code(node.asString() ?? '')} is ${escapeMarkdown(owner)}`;
}

function hover(value: string, range: Hover['range']): Hover {
  return { contents: { kind: MarkupKind.Markdown, value }, ...(range && { range }) };
}

const DESCRIBERS: Readonly<Record<string, (seen: Seen) => string>> = {
  'envoy.config.cluster.v3.Cluster': describeCluster,
  'envoy.config.listener.v3.Listener': describeListener,
  'envoy.config.listener.v3.FilterChain': describeFilterChain,
  'envoy.config.route.v3.RouteConfiguration': describeRouteConfiguration,
  'envoy.config.route.v3.VirtualHost': describeVirtualHost,
  'envoy.config.route.v3.Route': describeRoute,
  'envoy.config.endpoint.v3.ClusterLoadAssignment': describeLoadAssignment,
  'envoy.config.endpoint.v3.LbEndpoint': describeEndpoint,
  'envoy.extensions.transport_sockets.tls.v3.Secret': describeSecret,
};

function describeName({ snapshot, uri }: Place, name: NamedPlace): string | undefined {
  if (!isReference(name)) {
    const [proxy] = proxiesOf(snapshot, uri);
    return proxy && describeNode({ snapshot, proxy, node: namedMessage(name) });
  }
  const { status, targets } = resolveLink(snapshot, name);
  const own = describeTargets(snapshot, targets);
  if (own !== undefined) return own;
  const others = elsewhere(snapshot, uri, name);
  const foreign = describeTargets(snapshot, others);
  if (foreign !== undefined) return `*Not in this proxy's files; this is how ${code(others[0]?.proxy.id ?? '')} has it:*\n\n${foreign}`;
  return describeUnresolved(snapshot, uri, { name, status });
}

function describeTargets(snapshot: Snapshot, targets: readonly LinkTarget[]): string | undefined {
  const texts = targets.slice(0, 3).flatMap(({ node, proxy }) => describeNode({ snapshot, proxy, node }) ?? []);
  return texts.length > 0 ? texts.join('\n\n---\n\n') : undefined;
}

function describeUnresolved(snapshot: Snapshot, uri: string, { name, status }: { name: NamedPlace; status: string }): string | undefined {
  const proxy = proxiesOf(snapshot, uri).find((each) => each.parts.has(name.part));
  const title = [`**${titleOfKind(name.kind)}** ${code(name.name)}`, meaningOf(name, proxy)]
    .filter((each) => each !== undefined)
    .join('\n\n');
  switch (status) {
    case 'missing':
      return `${title}\n\nIt is not in this proxy's configuration.`;
    case 'external':
      if (name.kind === 'istio_config') return describeMissingResource(name.name);
      return `${title}\n\nIt is delivered from outside (xDS, an agent, or a file that is not open).`;
    default:
      return undefined;
  }
}

const MEANT: Partial<Record<NamedPlace['kind'], NamedKind>> = {
  cluster: 'cluster',
  endpoints: 'cluster',
  listener: 'listener',
  internal_listener: 'listener',
  filter_chain: 'filter_chain',
  route_configuration: 'route_configuration',
};

/** What the makers of the mesh mean by a name that is not in the files. */
function meaningOf({ kind, name }: NamedPlace, proxy: ProxyScope | undefined): string | undefined {
  if (kind === 'secret') return describeSecretName(name);
  const named = MEANT[kind];
  const words = named && proxy ? explainIstioName(named, name, isOfIstio(proxy)) : undefined;
  return words === undefined ? undefined : escapeMarkdown(words);
}

/** The description of a message by its kind; undefined for kinds without one. */
function describeNode(seen: Seen): string | undefined {
  const facts = seen.snapshot.documents.get(seen.node.tree.uri);
  if (facts && seen.node.has('apiVersion') && resourceAt(facts, seen.node.id)?.kind === 'istio_resource') return describeMaking(seen.node);
  const type = facts && messagesAt(facts, seen.node.id)?.messages.at(-1)?.type.name;
  return type === undefined ? undefined : DESCRIBERS[type]?.(seen);
}

/** Messages that are described wherever the cursor is in their own fields (their name, match, address …). */
const AROUND = new Set(['envoy.config.route.v3.Route', 'envoy.config.endpoint.v3.LbEndpoint', 'envoy.config.listener.v3.FilterChain']);

/** What of a message's own fields (not of deeper messages) tells about the whole. */
const TELLING =
  /^(name|match|route|redirect|direct_?response|endpoint|address|socket_?address|port_?value|health_?status|filter_?chain_?match|prefix|path|server_?listener_?name|envoy_?internal_?address)$/i;

function describeAround({ snapshot, uri }: Place, node: ConfigNode): { text: string; node: ConfigNode } | undefined {
  const facts = snapshot.documents.get(uri);
  const [proxy] = proxiesOf(snapshot, uri);
  const enclosure = facts && messagesAt(facts, node.id);
  if (!enclosure || !proxy) return undefined;
  const message = enclosure.messages.findLast(({ type }) => AROUND.has(type.name));
  if (!message || !TELLING.test(node.key) || !isNear(node, message.node, 4)) return undefined;
  const text = DESCRIBERS[message.type.name]?.({ snapshot, proxy, node: message.node });
  return text === undefined ? undefined : { text, node };
}

/** At most so many levels down: four, and an endpoint's port is, a header matcher of a route is not. */
function isNear(node: ConfigNode, message: ConfigNode, levels: number): boolean {
  let at: ConfigNode | undefined = node;
  for (let steps = 0; at && steps <= levels; steps++, at = at.parent) if (at.sameAs(message)) return true;
  return false;
}

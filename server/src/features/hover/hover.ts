/** Hover: what the thing under the cursor is and where it leads. */
import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import { proxiesOf } from '../../index/buildSnapshot';
import type { DocumentFacts } from '../../index/documentFacts';
import type { NamedPlace } from '../../index/names/documentNames';
import { isReference } from '../../index/links/links';
import { resourcesIn } from '../../index/messagesAt';
import { branchOf, enclosingAction } from '../../model/summary/matcherBranch';
import type { ConfigNode } from '../../schema/configNode';
import { canonicalIp } from '../../model/address';
import type { Span } from '../../text/span';
import { ownerOfAddress } from '../known/addressOwners';
import { isOurs } from '../known/isOurs';
import { code, escapeMarkdown } from '../writing/markdown';
import { configNodeAt, namedPlaceAt, rangeOfName, rangeOfNode, rangeOfSpan, type Place } from '../place/place';
import { noSchemaComments, type SchemaComments } from '../../schema/table/schemaComments';
import { describeCertificates } from './describeCertificate';
import { describeDefinition, describeFilterStateKey } from './describeDefinition';
import { describeField } from './describeField';
import { describeFilterPlace } from './describeFilterPlace';
import { describeIstioField } from './describeIstioField';
import { describeIstioResource } from './describeIstioResource';
import { describeMatcherAction, describeMatcherBranch } from './describeMatcherAction';
import { describeAround, describeMessage, isNear } from './describeMessage';
import { describeName } from './describeName';
import { describeReaders } from './describeReaders';
import { describeRbacPolicy } from './describeRbacPolicy';
import { describeOperatorAt } from './describeOperator';
import { describeMetadata } from './describeMetadata';
import { describeIstioName, describeTextAt, describeWorkload } from './describeText';
import { describeExtension, describePiece, describeType } from './describeType';
import { istioResourceAt } from '../istio/istioReferences';
import { describeZtunnelThing } from '../ztunnel/describeZtunnelThing';
import { ztunnelPlaceAt, type ZtunnelPlace } from '../ztunnel/ztunnelPlaces';
import type { Snapshot } from '../../index/snapshot';

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
  if (around !== undefined) return hover(around, under(node));
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
function describeEntry({ snapshot, uri }: Place, node: ConfigNode): string | undefined {
  const entry = node.key === 'name' ? node.parent : undefined;
  const facts = entry && snapshot.documents.get(uri);
  const resource = facts && resourcesIn(facts, entry.id).find((each) => each.entry.sameAs(entry) && !each.node.sameAs(entry));
  const proxy = resource && proxiesOf(snapshot, uri).find(({ resources }) => resources.includes(resource));
  return proxy && describeMessage({ snapshot, proxy, node: resource.node });
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
function fieldHover(place: Place, node: ConfigNode, comments: SchemaComments): Hover | null {
  const { snapshot, uri } = place;
  const facts = snapshot.documents.get(uri);
  const key = keyUnder(place, node);
  if (!facts || (!key && node.tree.isContainer(node.id))) return null;
  const [proxy] = proxiesOf(snapshot, uri);
  // The key before a resource of a dump (`"cluster": {`) stands for the resource.
  const resource =
    proxy && key && resourcesIn(facts, node.id)[0]?.node.sameAs(node) ? describeMessage({ snapshot, proxy, node }) : undefined;
  if (resource !== undefined) return hover(resource, rangeUnder(place, node));
  const text = describeField(facts, node, comments) ?? (key ? describePiece(facts, node, comments) : undefined);
  const owner = describeOwner(snapshot, node);
  const name = namedPlaceAt(place);
  const named = name ? [describeFilterStateKey(name), describeDefinition(snapshot, name), describeReaders(place, name)] : [];
  const lines = [...named, owner, text].filter((each) => each !== undefined);
  return lines.length === 0 ? null : hover(lines.join('\n\n'), rangeUnder(place, node));
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

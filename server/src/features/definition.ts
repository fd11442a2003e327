/** Go to Definition: from a name to what it names; from a cluster's name to the cluster and its endpoints. */
import type { LocationLink, Range } from 'vscode-languageserver-types';
import type { NamedPlace } from '../index/names/documentNames';
import { elsewhere, isReference, resolveLink, type LinkTarget } from '../index/links/links';
import type { ConfigNode } from '../schema/configNode';
import { namedMessage } from '../index/links/definitionsOf';
import { loadAssignmentOf } from '../index/links/resolveName';
import { proxiesOf } from '../index/buildSnapshot';
import { isOurs } from './known/isOurs';
import { addedByPatches } from './istio/addedByPatches';
import { definingPlaces, dumpedThings, istioPlaceAt, thingOf } from './istio/istioPlaces';
import { makersOf } from './istio/makersOf';
import { resolvePatchName } from './istio/resolvePatchName';
import { anchorPlacesAt, isOnAnchorAlone } from './place/aliasPlace';
import { definingPlaceIn } from './place/definingPlace';
import { mentionsAt, settersOf } from './place/operatorPlace';
import { configNodeAt, isBefore, namedPlaceAt, rangeOfName, rangeOfNode, rangeOfSpan, selectionOf, type Place } from './place/place';
import { ztunnelPlaceAt } from './ztunnel/ztunnelPlaces';

/** The cluster and its endpoints for a cluster's name, endpoints for a cluster's own name, else what the name refers to; [] where nothing is named. */
export function findDefinition(place: Place): LocationLink[] {
  const found = isOnAnchorAlone(place) ? [] : findNamed(place);
  return found.length === 0 ? findAnchorOf(place) : found;
}

/** What a YAML alias repeats stands at its anchor; an anchor leads to itself. */
function findAnchorOf(place: Place): LocationLink[] {
  const found = anchorPlacesAt(place);
  if (!found) return [];
  const { tree, anchor, aliases } = found;
  const origin = aliases.find(({ start, end }) => start <= place.offset && place.offset <= end) ?? anchor;
  const range = rangeOfSpan(tree, anchor);
  return [{ originSelectionRange: rangeOfSpan(tree, origin), targetUri: tree.uri, targetRange: range, targetSelectionRange: range }];
}

function findNamed(place: Place): LocationLink[] {
  const name = namedPlaceAt(place);
  if (!name) return [...findOperatorDefinition(place), ...findIstioDefinition(place), ...findZtunnelDefinition(place)];
  if (isReference(name) && name.part.kind === 'istio')
    return resolvePatchName(place.snapshot, name).targets.map((node) => linkTo(place, name, node));
  const targets = isReference(name) ? targetsOf(place, name) : [];
  if (isReference(name) && targets.length === 0)
    return addedByPatches(place.snapshot, name.kind, name.name).map((node) => linkTo(place, name, node));
  if (name.kind === 'cluster' && !name.site.back)
    return linksTo(place, name, isReference(name) ? withEndpoints(targets) : endpointsOfOwnName(place, name));
  // A definition leads to itself, so that the editor offers its references instead.
  if (!isReference(name)) return [linkFrom(rangeOfName(name), namedMessage(name), rangeOfName(name))];
  return linksTo(place, name, targets);
}

/** From an operator in a format text to what sets the header, metadata or filter state that it names. */
function findOperatorDefinition(place: Place): LocationLink[] {
  for (const mention of mentionsAt(place)) {
    const setters = settersOf(place, mention);
    if (setters.length === 0) continue;
    return setters.map((each) => linkFrom(rangeOfSpan(mention.tree, mention.span), namedMessage(each), rangeOfName(each)));
  }
  return [];
}

/** From a name in Istio's or the Gateway API's own YAML to the resources that have it, and to what the dumps made of it. */
function findIstioDefinition({ snapshot, uri, offset }: Place): LocationLink[] {
  const facts = snapshot.documents.get(uri);
  const node = facts && configNodeAt({ snapshot, uri, offset });
  const place = node && istioPlaceAt(facts, node.id);
  if (!place) return [];
  const link = (target: ConfigNode, name: ConfigNode | undefined): LocationLink => ({
    originSelectionRange: rangeOfNode(place.node),
    targetUri: target.tree.uri,
    targetRange: rangeOfNode(target),
    targetSelectionRange: name ? rangeOfNode(name) : selectionOf(target),
  });
  // In a file of others, what nobody else names leads nowhere; in ours it leads to itself, so that the editor offers its references.
  const defining = definingPlaces(snapshot, place.naming).filter((each) => isOurs(facts) || !each.node.sameAs(place.node));
  return [
    ...defining.map((each) => link(thingOf(each), each.node)),
    ...dumpedThings(snapshot, place.naming).map((each) => link(each.node, undefined)),
  ];
}

/** From a workload, a service, a policy or a waypoint in a ztunnel's dump to where it stands. */
function findZtunnelDefinition(place: Place): LocationLink[] {
  const found = ztunnelPlaceAt(place);
  if (!found) return [];
  const { node, isKey, thing } = found;
  const key = isKey ? node.tree.keySpan(node.id) : undefined;
  return [
    {
      originSelectionRange: key ? rangeOfSpan(node.tree, key) : rangeOfNode(node),
      targetUri: thing.node.tree.uri,
      targetRange: rangeOfNode(thing.node),
      targetSelectionRange: selectionOf(thing.node),
    },
  ];
}

/** Go to Declaration: the cluster alone. */
export function findDeclaration(place: Place): LocationLink[] {
  const name = namedPlaceAt(place);
  return name && isReference(name) ? linksTo(place, name, targetsOf(place, name)) : findDefinition(place);
}

/** Go to Type Definition: the resources of Istio, the Gateway API and Kubernetes of which the name in a dump was made. */
export function findTypeDefinition(place: Place): LocationLink[] {
  const name = namedPlaceAt(place);
  if (!name) return findIstioDefinition(place);
  return makersOf(place.snapshot, name).map(({ thing, name: own }) => ({
    originSelectionRange: rangeOfName(name),
    targetUri: thing.tree.uri,
    targetRange: rangeOfNode(thing),
    targetSelectionRange: own ? rangeOfNode(own) : selectionOf(thing),
  }));
}

/** Go to Implementation: the endpoints alone; for other names what Go to Definition gives. */
export function findImplementation(place: Place): LocationLink[] {
  const name = namedPlaceAt(place);
  if (name?.kind !== 'cluster') return findDefinition(place);
  return linksTo(place, name, isReference(name) && !name.site.back ? endpointsOf(targetsOf(place, name)) : endpointsOfOwnName(place, name));
}

/** In its own proxy; where that lacks the name, in the others. */
function targetsOf({ snapshot, uri }: Place, name: NamedPlace): readonly LinkTarget[] {
  const { targets } = resolveLink(snapshot, name);
  return targets.length > 0 ? targets : elsewhere(snapshot, uri, name);
}

function withEndpoints(clusters: readonly LinkTarget[]): LinkTarget[] {
  return clusters.flatMap((cluster) => [cluster, ...endpointsOf([cluster])]);
}

function endpointsOf(clusters: readonly LinkTarget[]): LinkTarget[] {
  return clusters.flatMap(({ node, proxy }) => {
    const endpoints = loadAssignmentOf(proxy, node);
    return endpoints ? [{ node: endpoints, proxy }] : [];
  });
}

function endpointsOfOwnName({ snapshot, uri }: Place, name: NamedPlace): LinkTarget[] {
  return proxiesOf(snapshot, uri).flatMap((proxy) => endpointsOf([{ node: name.resource.node, proxy }]));
}

function linksTo(place: Place, name: NamedPlace, targets: readonly LinkTarget[]): LocationLink[] {
  return targets.map(({ node }) => linkTo(place, name, node));
}

function linkTo({ snapshot }: Place, name: NamedPlace, node: ConfigNode): LocationLink {
  const defining = definingPlaceIn(snapshot, name, node);
  return linkFrom(rangeOfName(name), node, defining && rangeOfName(defining));
}

/** `selection`: where the name stands, if the message has it not as messages have it; a key stands before what it names. */
function linkFrom(origin: Range, node: ConfigNode, selection: Range = selectionOf(node)): LocationLink {
  const whole = rangeOfNode(node);
  return {
    originSelectionRange: origin,
    targetUri: node.tree.uri,
    targetRange: isBefore(selection.start, whole.start) ? { start: selection.start, end: whole.end } : whole,
    targetSelectionRange: selection,
  };
}

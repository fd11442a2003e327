/** References of headers, metadata and filter state in command operators (`%REQ(x-user)%`): texts name what messages set and ask for. */
import { proxiesOf } from '../index/buildSnapshot';
import { namedMessage } from '../index/links/definitionsOf';
import { spanOfName } from '../index/links/links';
import type { NamedPlace } from '../index/names/documentNames';
import type { ConfigNode } from '../schema/configNode';
import type { SyntaxTree } from '../syntax/tree/syntaxTree';
import { getOrMake } from '../text/getOrMake';
import type { Span } from '../text/span';
import { MENTIONED_KINDS, mentionsIn, type MentionedName, type OperatorMention } from './place/operatorMentions';
import { mentionsAt, settersOf } from './place/operatorPlace';
import type { Place } from './place/place';
import type { Snapshot } from '../index/snapshot';

export interface MentionedPlace {
  readonly tree: SyntaxTree;
  readonly span: Span;
  readonly isDefinition: boolean;
}

export interface OperatorLink {
  readonly mention: OperatorMention;
  /** The messages that set what is named; where none does, a client or a filter may. */
  readonly targets: readonly ConfigNode[];
}

/** What the operators of a document name, and what sets it; in the document's order. A document of no proxy has none. */
export function operatorLinksOf(snapshot: Snapshot, uri: string): OperatorLink[] {
  const tree = proxiesOf(snapshot, uri).length > 0 ? snapshot.documents.get(uri)?.tree : undefined;
  if (!tree) return [];
  const known = new Map<string, readonly ConfigNode[]>();
  return mentionsIn(tree).map((mention) => {
    const { kind, name, qualifier = '' } = mention;
    const find = () => settersOf({ snapshot, uri, offset: mention.span.start }, mention).map(namedMessage);
    return { mention, targets: getOrMake(known, [kind, qualifier, name].join('\n'), find) };
  });
}

/** The operators of a proxy's files that mention the name. */
export function mentionsOf(place: Place, named: MentionedName): MentionedPlace[] {
  if (!MENTIONED_KINDS.has(named.kind)) return [];
  return treesOf(place)
    .flatMap((tree) => mentionsIn(tree).filter((each) => isSame(each, named)))
    .map(({ tree, span }) => ({ tree, span, isDefinition: false }));
}

/**
 * With the cursor on such a name in an operator: the other operators, and the places that set it or ask for it. On a namespace that nothing
 * else names, those of the key in it.
 */
export function findOperatorReferences(place: Place, includeDefinition: boolean): MentionedPlace[] {
  const mentions = mentionsAt(place);
  const meant = mentions.find((mention) => placesOfName(place, mention, true).length > 1) ?? mentions[0];
  return meant ? placesOfName(place, meant, includeDefinition) : [];
}

/** The places that ask for the name and, if wanted, those that set it; the operators among them. In the order of the files and their texts. */
export function placesOfName(place: Place, named: MentionedName, includeDefinition: boolean): MentionedPlace[] {
  return [...namedPlacesOf(place, named, includeDefinition), ...mentionsOf(place, named)].sort(
    (a, b) => Number(a.tree.uri > b.tree.uri) - Number(a.tree.uri < b.tree.uri) || a.span.start - b.span.start,
  );
}

function namedPlacesOf({ snapshot, uri }: Place, { kind, name, qualifier }: MentionedName, includeDefinition: boolean): MentionedPlace[] {
  const toPlace = (isDefinition: boolean) => (each: NamedPlace) => ({
    tree: each.resource.node.tree,
    span: spanOfName(each),
    isDefinition,
  });
  return proxiesOf(snapshot, uri).flatMap((proxy) => {
    const names = snapshot.namesOf(proxy);
    const inNamespace = (places: readonly NamedPlace[]) => places.filter((each) => each.qualifier === qualifier);
    const definitions = includeDefinition ? inNamespace(names.definitions(kind, name)) : [];
    return [...definitions.map(toPlace(true)), ...inNamespace(names.uses(kind, name)).map(toPlace(false))];
  });
}

function treesOf({ snapshot, uri }: Place): SyntaxTree[] {
  const uris = new Set(proxiesOf(snapshot, uri).flatMap((proxy) => proxy.uris));
  return [...uris].sort().flatMap((each) => snapshot.documents.get(each)?.tree ?? []);
}

/** Names of headers are the same in any case. */
function isSame(a: MentionedName, b: MentionedName): boolean {
  if (a.kind !== b.kind || a.qualifier !== b.qualifier) return false;
  return a.name === b.name || (a.kind === 'header' && a.name.toLowerCase() === b.name.toLowerCase());
}

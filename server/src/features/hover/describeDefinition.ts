/** What a name refers to that no resource is (a JWT provider, a filter, a key of metadata): where that stands, as links to its lines. */
import type { NamedPlace } from '../../index/names/documentNames';
import { isReference, resolveLink, spanOfName } from '../../index/links/links';
import { FILTER_STATE_KEYS } from '../../model/filterStateKeys';
import type { ConfigNode } from '../../schema/configNode';
import type { SyntaxTree } from '../../syntax/tree/syntaxTree';
import { definingPlaceIn } from '../place/definingPlace';
import { code, linkToLine, firstOf } from '../writing/markdown';
import { fileNameOf } from '../../text/uriParts';
import { inWords } from '../../text/inWords';
import type { Snapshot } from '../../index/snapshot';

/** So many lines are told. */
export const MAX_LINKS = 4;

/** What Envoy does by a key of filter state that it knows; undefined for all others. */
export function describeFilterStateKey({ kind, name }: NamedPlace): string | undefined {
  const words = kind === 'filter_state' ? FILTER_STATE_KEYS[name] : undefined;
  return words ? `**${titleOfKind(kind)}** ${code(name)}: ${words}` : undefined;
}

/** Example: ``**JWT provider** `auth0`, defined in [line 78](envoy.yaml#L78)``. Undefined where the name is no reference, or leads nowhere. */
export function describeDefinition(snapshot: Snapshot, name: NamedPlace): string | undefined {
  if (!isReference(name) || name.site.role === 'shared') return undefined;
  const { targets } = resolveLink(snapshot, name);
  if (targets.length === 0) return undefined;
  const links = targets.map(({ node }) => linkTo(snapshot, name, node));
  return `**${titleOfKind(name.kind)}** ${code(name.name)}, ${name.site.role === 'use' ? 'set' : 'defined'} in ${firstOf(links, MAX_LINKS)}`;
}

function linkTo(snapshot: Snapshot, name: NamedPlace, node: ConfigNode): string {
  const defining = definingPlaceIn(snapshot, name, node);
  return linkToPlace(node.tree, defining ? spanOfName(defining).start : node.tree.start(node.id), name.resource.node.tree.uri);
}

/** `line 7`, and of which file where that is not the own one. */
export function linkToPlace(tree: SyntaxTree, offset: number, own: string): string {
  const line = tree.lines.lineColumnAt(offset).line + 1;
  const file = tree.uri === own ? '' : ` of ${code(fileNameOf(tree.uri))}`;
  return linkToLine(`line ${line}${file}`, tree.uri, line);
}

/** The title of a name: `jwt_provider` → `JWT provider`, `filter_state` → `Filter state` */
export function titleOfKind(kind: NamedPlace['kind']): string {
  const words = inWords(kind).replace(/\b(?:jwt|http|api|dns)\b/, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

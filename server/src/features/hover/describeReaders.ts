/** Who reads a value that a configuration sets under a name: a header, metadata, an object of filter state, a runtime key. */
import { proxiesOf } from '../../index/buildSnapshot';
import { isSameNamespace } from '../../index/links/definitionsOf';
import { spanOfName } from '../../index/links/links';
import type { NamedPlace } from '../../index/names/documentNames';
import { mentionsOf } from '../operatorReferences';
import { MENTIONED_KINDS } from '../place/operatorMentions';
import type { Place } from '../place/place';
import { code, firstOf } from '../writing/markdown';
import { linkToPlace, MAX_LINKS, titleOfKind } from './describeDefinition';

/** Example: ``**Header** `x-user`, read in [line 44](envoy.yaml#L44)``. Undefined where the name sets nothing, or nobody reads it. */
export function describeReaders(place: Place, name: NamedPlace): string | undefined {
  const { site, kind } = name;
  if (site.role !== 'set' || !(MENTIONED_KINDS.has(kind) || kind === 'runtime')) return undefined;
  const { snapshot, uri } = place;
  const asking = proxiesOf(snapshot, uri)
    .flatMap((proxy) => snapshot.namesOf(proxy).uses(kind, name.name))
    .filter((each) => isSameNamespace(name, each))
    .map((each) => ({ tree: each.resource.node.tree, start: spanOfName(each).start }));
  const mentioning = mentionsOf(place, name).map(({ tree, span }) => ({ tree, start: span.start }));
  const inOrder = [...asking, ...mentioning].sort(
    (a, b) => Number(a.tree.uri > b.tree.uri) - Number(a.tree.uri < b.tree.uri) || a.start - b.start,
  );
  const links = new Set(inOrder.map(({ tree, start }) => linkToPlace(tree, start, uri)));
  return links.size === 0 ? undefined : `**${titleOfKind(kind)}** ${code(name.name)}, read in ${firstOf([...links], MAX_LINKS)}`;
}

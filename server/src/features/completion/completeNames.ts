/** Completion of names: what the proxy's files define of the kind that the place refers to. */
import { proxiesOf } from '../../index/buildSnapshot';
import type { NamedPlace } from '../../index/names/documentNames';
import { isReference } from '../../index/links/links';
import { isSameScope } from '../../index/links/resolveName';
import { definitionKindOf } from '../../schema/references/referenceSites';
import { routeSettingsBody } from './completeExtensionNames';
import type { Cursor } from './cursor';
import { PLACEHOLDER } from './cursorToken';
import type { Candidate } from './writeCandidates';
import { inWords } from '../../text/inWords';

/** Names that could stand at the cursor, by the tables of reference sites; names in use elsewhere where nothing defines the kind. */
export function completeNames(cursor: Cursor): Candidate[] {
  const { facts, node, isKey } = cursor;
  const places = facts.names.filter((each) => each.node === node && each.isKey === isKey && each.name.endsWith(PLACEHOLDER));
  return places.filter((place) => isReference(place) || place.site.back).flatMap((place) => namesFor(cursor, place));
}

function namesFor(cursor: Cursor, place: NamedPlace): Candidate[] {
  const kind = definitionKindOf(place.kind);
  const all = namesOfProxy(cursor).filter((each) => each.name !== place.name && isOfKind(each, place));
  const defined = all.filter((each) => !isReference(each) && each.kind === kind);
  const near = defined.filter((each) => isSameScope(each, place));
  const { scope } = place.site;
  const found = near.length > 0 || scope === 'listener' || scope === 'cluster' ? near : defined;
  const offered = found.length > 0 ? found : all.filter((each) => each.kind === place.kind);
  return offered.map(({ name }) => {
    const body = place.isKey && place.kind === 'http_filter' ? routeSettingsBody(cursor, name) : undefined;
    return {
      name,
      kind: place.isKey ? 'key' : 'name',
      detail: inWords(place.kind),
      rank: 0,
      ...(place.isKey && { opensBlock: true }),
      ...(body && { body }),
    };
  });
}

function isOfKind(each: NamedPlace, place: NamedPlace): boolean {
  if (each.qualifier !== place.qualifier) return false;
  return place.kind !== 'internal_listener' || each.kind !== 'listener' || each.resource.node.has('internal_listener');
}

/** The document as it reads now, the proxy's others as they were. */
function namesOfProxy({ place: { snapshot, uri }, facts }: Cursor): NamedPlace[] {
  const uris = new Set(proxiesOf(snapshot, uri).flatMap((proxy) => proxy.uris));
  uris.delete(uri);
  return [...facts.names.slice(), ...[...uris].flatMap((other) => snapshot.documents.get(other)?.names.slice() ?? [])];
}

/** Rename in hand-written configurations: the definition and all its uses, in every file of the proxy. */
import type { Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { proxiesOf } from '../index/buildSnapshot';
import type { NamedPlace } from '../index/documentNames';
import { spanOfName } from '../index/links';
import { definitionKindOf } from '../schema/referenceSites';
import { FLAG_COPY } from '../syntax/syntaxTree';
import { namedPlaceAt, rangeOfName, type Place } from './place';
import { placesOfName } from './references';

/** The name's range, or null where it cannot be renamed: in a dump (a running proxy would not follow), or where nothing defines it. */
export function prepareRename(place: Place): { range: Range; placeholder: string } | null {
  const name = namedPlaceAt(place);
  if (!name || proxiesOf(place.snapshot, place.uri).some(({ kind }) => kind === 'dump')) return null;
  const places = placesOfName(place, true);
  if (!places.some(({ site }) => site.role === 'definition')) return null;
  return { range: rangeOfName(name), placeholder: name.name };
}

/** Why a name may not become another: nothing would stand there, or two things would share it, which Envoy refuses. Undefined: it may. */
export function findRenameProblem({ snapshot, uri, ...at }: Place, newName: string): string | undefined {
  const name = namedPlaceAt({ snapshot, uri, ...at });
  if (newName.trim() === '') return 'A name must not be empty.';
  if (!name || newName === name.name || name.site.scope !== 'proxy') return undefined;
  const kind = definitionKindOf(name.kind);
  const isTaken = proxiesOf(snapshot, uri).some(
    (proxy) => proxy.parts.has(name.part) && snapshot.namesOf(proxy).definitions(kind, newName).length > 0,
  );
  return isTaken ? `There is a ${kind.replace(/_/g, ' ')} ${JSON.stringify(newName)} already.` : undefined;
}

/** Edits that keep each place's own quoting; null where the name cannot be renamed. */
export function renameName(place: Place, newName: string): WorkspaceEdit | null {
  if (!prepareRename(place)) return null;
  const changes: Record<string, TextEdit[]> = {};
  for (const each of placesOfName(place, true)) {
    const { tree } = each.resource.node;
    // The text of an alias's content stands at its anchor, which is renamed by itself.
    if (tree.hasFlag(each.node, FLAG_COPY)) continue;
    (changes[tree.uri] ??= []).push({ range: rangeOfName(each), newText: quoteLike(each, newName) });
  }
  return { changes };
}

function quoteLike(each: NamedPlace, newName: string): string {
  const { tree } = each.resource.node;
  const quote = tree.text.charAt(spanOfName(each).start);
  if (quote === '"' || tree.language === 'json') return JSON.stringify(newName);
  if (quote === "'") return `'${newName.replace(/'/g, "''")}'`;
  return isPlainYaml(newName) ? newName : JSON.stringify(newName);
}

/** Plain YAML scalars that are surely strings. */
function isPlainYaml(text: string): boolean {
  return /^[A-Za-z_][\w./|~-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|~)$/i.test(text);
}

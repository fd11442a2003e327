/** Rename in hand-written configurations: the definition and all its uses, in every file of the proxy; names of Istio's own YAML and anchors of YAML alike. */
import type { Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { proxiesOf } from '../index/buildSnapshot';
import { spanOfName } from '../index/links/links';
import { definitionKindOf } from '../schema/references/referenceSites';
import type { NamedPlace } from '../index/names/documentNames';
import { nodeAt } from '../syntax/tree/nodeAt';
import { FLAG_COPY, type SyntaxTree } from '../syntax/tree/syntaxTree';
import { findAnchor } from '../syntax/yaml/findAnchor';
import { istioPlaceUnder } from './istio/istioReferences';
import { findIstioRenameProblem, isNameOfMesh, renamableIstioPlace, renameIstio } from './istio/renameIstio';
import { isOnAnchorAlone, isScalarAlias } from './place/aliasPlace';
import { namedPlaceAt, rangeOfName, rangeOfNode, type Place } from './place/place';
import { placesOfName } from './references';
import { anchorNameAt, findAnchorProblem, renameAnchor } from './renameAnchor';
import { inWords } from '../text/inWords';

/** The name's range, or null where it cannot be renamed (findRefusal says why). */
export function prepareRename(place: Place): { range: Range; placeholder: string } | null {
  const anchor = anchorAt(place);
  if (anchor) return anchor;
  const name = namedPlaceAt(place);
  const istio = name ? undefined : renamableIstioPlace(place);
  if (istio) return { range: rangeOfNode(istio.node), placeholder: istio.naming.name };
  return name && findRefusal(place) === undefined ? { range: rangeOfName(name), placeholder: name.name } : null;
}

/** An anchor or alias, where the cursor is on nothing else that has a name. */
function anchorAt(place: Place): ReturnType<typeof anchorNameAt> {
  const isElse = !isOnAnchorAlone(place) && (namedPlaceAt(place) !== undefined || istioPlaceUnder(place) !== undefined);
  return isElse ? undefined : anchorNameAt(place);
}

/** Why a name cannot be renamed here; undefined where it can, and where no name stands. */
export function findRefusal(place: Place): string | undefined {
  if (anchorAt(place)) return undefined;
  const name = namedPlaceAt(place);
  if (!name) {
    const istio = renamableIstioPlace(place) ? undefined : istioPlaceUnder(place);
    if (!istio) return undefined;
    if (istio.naming.kind === 'host') return 'A host is the name of a Kubernetes service or of a domain: it is not renamed in a file.';
    if (istio.naming.kind === 'credential') return 'A secret is not in these files.';
    if (!isNameOfMesh(istio)) return undefined;
    return `Nothing in the workspace defines ${JSON.stringify(istio.naming.name)}.`;
  }
  if (proxiesOf(place.snapshot, place.uri).some(({ kind }) => kind === 'dump'))
    return 'This is the dump of a running proxy: it would not follow a rename.';
  const isDefined = placesOfName(place, true).some(({ site }) => site.role === 'definition');
  return isDefined ? undefined : `Nothing in the files of this proxy defines ${JSON.stringify(name.name)}.`;
}

/** Why a name may not become another: nothing would stand there, or two things would share it, which Envoy refuses. Undefined: it may. */
export function findRenameProblem({ snapshot, uri, ...at }: Place, newName: string): string | undefined {
  if (newName.trim() === '') return 'A name must not be empty.';
  if (anchorAt({ snapshot, uri, ...at })) return findAnchorProblem({ snapshot, uri, ...at }, newName);
  const name = namedPlaceAt({ snapshot, uri, ...at });
  const istio = name ? undefined : renamableIstioPlace({ snapshot, uri, ...at });
  if (istio) return findIstioRenameProblem({ snapshot, uri, ...at }, istio, newName);
  if (!name || newName === name.name || name.site.scope !== 'proxy') return undefined;
  const kind = definitionKindOf(name.kind);
  const isTaken = proxiesOf(snapshot, uri).some(
    (proxy) => proxy.parts.has(name.part) && snapshot.namesOf(proxy).definitions(kind, newName).length > 0,
  );
  return isTaken ? `There is a ${inWords(kind)} ${JSON.stringify(newName)} already.` : undefined;
}

/** Edits that keep each place's own quoting; null where the name cannot be renamed. */
export function renameName(place: Place, newName: string): WorkspaceEdit | null {
  if (!prepareRename(place)) return null;
  if (anchorAt(place)) return { changes: { [place.uri]: renameAnchor(place, newName) } };
  const changes: Record<string, TextEdit[]> = {};
  const istio = namedPlaceAt(place) ? undefined : renamableIstioPlace(place);
  if (istio) {
    for (const { node, text } of renameIstio(place, istio, newName))
      if (!node.tree.hasFlag(node.id, FLAG_COPY))
        (changes[node.tree.uri] ??= []).push({
          range: rangeOfNode(node),
          newText: quoteLike(node.tree, node.tree.span(node.id).start, text),
        });
    return { changes };
  }
  const places = placesOfName(place, true);
  for (const each of places) {
    const { tree } = each.resource.node;
    if (tree.hasFlag(each.node, FLAG_COPY) && !standsForOther(each, places)) continue;
    (changes[tree.uri] ??= []).push({ range: rangeOfName(each), newText: quoteLike(tree, spanOfName(each).start, newName) });
  }
  return { changes };
}

/** The text of an alias's content stands at its anchor, which is renamed by itself; but for that of a scalar which names something else. */
function standsForOther({ node, resource }: NamedPlace, places: readonly NamedPlace[]): boolean {
  const { tree } = resource.node;
  const anchor = isScalarAlias(tree, node) ? findAnchor(tree, node) : undefined;
  if (!anchor) return false;
  const gap = /^\s*/.exec(tree.text.slice(anchor.end, anchor.end + GAP))?.[0].length ?? 0;
  const named = nodeAt(tree, anchor.end + gap)?.node;
  return !places.some((each) => each.node === named && each.resource.node.tree === tree);
}

/** Between an anchor and what it names. */
const GAP = 200;

function quoteLike(tree: SyntaxTree, start: number, newName: string): string {
  const quote = tree.text.charAt(start);
  if (quote === '"' || tree.language === 'json') return JSON.stringify(newName);
  if (quote === "'") return `'${newName.replace(/'/g, "''")}'`;
  return isPlainYaml(newName) ? newName : JSON.stringify(newName);
}

/** Plain YAML scalars that are surely strings. */
function isPlainYaml(text: string): boolean {
  return /^[A-Za-z_][\w./|~-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|~)$/i.test(text);
}

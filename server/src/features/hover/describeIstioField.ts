/** Hover of a name in Istio's or the Gateway API's own YAML: what in the workspace has that name. */
import type { DocumentFacts } from '../../index/documentFacts';
import { namespaceOf, resourceNameOf } from '../../model/istio/istioSpec';
import type { Resource } from '../../model/resources/resource';
import type { ConfigNode } from '../../schema/configNode';
import type { IstioNaming } from '../istio/istioNaming';
import { definingPlaces, dumpedThings, istioPlaceAt, type IstioPlace } from '../istio/istioPlaces';
import { code, escapeMarkdown, bulletList } from '../writing/markdown';
import { fileNameOf } from '../../text/uriParts';
import { inWords } from '../../text/inWords';
import type { Snapshot } from '../../index/snapshot';

const MAX_ROWS = 8;

/** Undefined on other fields, and where nothing has the name. */
export function describeIstioField(snapshot: Snapshot, facts: DocumentFacts, node: ConfigNode): string | undefined {
  const place = istioPlaceAt(facts, node.id);
  if (!place) return undefined;
  const defining = definingPlaces(snapshot, place.naming).filter((each) => !each.node.sameAs(node) || each.naming.role !== 'use');
  const rows = [...defining.map(describePlace), ...dumpedThings(snapshot, place.naming).map(describeDumped)];
  const title = titleOf(place.naming);
  if (rows.length === 0) return isExpected(place.naming) ? `${title}\n\nNothing in the workspace has it.` : undefined;
  return `${title}\n\n${bulletList(rows, MAX_ROWS, String)}`;
}

const ELSEWHERE: ReadonlySet<string> = new Set(['credential', 'extension_provider', 'cluster', 'listener', 'route_configuration']);

/** A domain name need not be a service, and secrets are rarely kept in files; the others are. */
function isExpected({ kind, name }: IstioNaming): boolean {
  return !ELSEWHERE.has(kind) && (kind !== 'host' || name.endsWith('.svc.cluster.local'));
}

function titleOf({ kind, scope, name }: IstioNaming): string {
  switch (kind) {
    case 'host':
      return `**Host** ${code(name)}`;
    case 'subset':
      return `**Subset** ${code(name)} of ${code(scope)}`;
    case 'section':
      return `**Listener** ${code(name)} of the Gateway ${code(scope)}`;
    case 'credential':
      return `**Secret** ${code(name)}`;
    case 'cluster':
    case 'listener':
    case 'route_configuration':
    case 'extension_provider':
      return `**${capitalise(inWords(kind))}** ${code(name)}`;
    default:
      return `**${escapeMarkdown(kind.slice(kind.indexOf('/') + 1))}** ${code(scope === '' ? name : `${scope}/${name}`)}`;
  }
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function describeDumped({ kind, name, node }: Resource): string {
  return `${inWords(kind)} ${code(name)} in ${code(fileNameOf(node.tree.uri))}`;
}

function describePlace({ node, resource, naming }: IstioPlace): string {
  const where = `${escapeMarkdown(resource.string('kind'))} ${code(`${namespaceOf(resource)}/${resourceNameOf(resource)}`)} in ${code(fileNameOf(node.tree.uri))}`;
  const labels = naming.kind === 'subset' ? (node.parent?.get('labels')?.entries() ?? []) : [];
  const chosen = labels.map(([key, value]) => code(`${key}=${value.asString() ?? ''}`)).join(', ');
  return `${where}${chosen && `: pods with ${chosen}`}`;
}

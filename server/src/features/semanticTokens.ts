/** Semantic tokens: names that refer to something look like what they refer to. */
import type { Range, SemanticTokens } from 'vscode-languageserver-types';
import type { DocumentFacts } from '../index/documentFacts';
import type { NamedPlace } from '../index/names/documentNames';
import { spanOfName } from '../index/links/links';
import type { ReferenceKind } from '../schema/references/referenceSite';
import type { Span } from '../text/span';
import { isOurs } from './known/isOurs';
import { istioPlacesOf } from './istio/istioPlaces';
import { namesWithin, spanOfRange } from './place/place';
import type { Snapshot } from '../index/snapshot';

export const TOKEN_TYPES = ['class', 'interface', 'method', 'namespace', 'variable', 'function', 'property'] as const;
export const TOKEN_MODIFIERS = ['definition'] as const;

const TYPES: Partial<Record<ReferenceKind, (typeof TOKEN_TYPES)[number]>> = {
  cluster: 'class',
  endpoints: 'class',
  listener: 'interface',
  internal_listener: 'interface',
  filter_chain: 'method',
  route_configuration: 'namespace',
  scoped_routes: 'namespace',
  secret: 'variable',
  http_filter: 'function',
  extension_config: 'function',
  cluster_specifier_plugin: 'function',
  jwt_provider: 'property',
  jwt_requirement: 'property',
  istio_config: 'variable',
};

/** Names on one line only (LSP has no tokens over several); in document order, delta-encoded. `range`: only those that touch it. */
export function findSemanticTokens(snapshot: Snapshot, uri: string, range?: Range): SemanticTokens {
  const facts = snapshot.documents.get(uri);
  const data: number[] = [];
  let lastLine = 0;
  let lastColumn = 0;
  const names = facts ? (range ? namesWithin(facts, spanOfRange(facts.tree, range)) : facts.names.slice()) : [];
  const spans = [...names.map(tokenOfName), ...(facts && isOurs(facts) ? istioTokens(facts, range) : [])].sort(
    (a, b) => a.span.start - b.span.start,
  );
  let end = -1;
  for (const { type, isDefinition, span } of spans) {
    if (!facts || type === undefined || span.start < end) continue;
    const from = facts.tree.lines.lineColumnAt(span.start);
    const to = facts.tree.lines.lineColumnAt(span.end);
    if (from.line !== to.line || to.column === from.column) continue;
    end = span.end;
    data.push(
      from.line - lastLine,
      from.line === lastLine ? from.column - lastColumn : from.column,
      to.column - from.column,
      TOKEN_TYPES.indexOf(type),
      isDefinition ? 1 : 0,
    );
    lastLine = from.line;
    lastColumn = from.column;
  }
  return { data };
}

interface NameToken {
  readonly span: Span;
  /** Undefined for kinds that look like any text. */
  readonly type: (typeof TOKEN_TYPES)[number] | undefined;
  readonly isDefinition: boolean;
}

function tokenOfName(place: NamedPlace): NameToken {
  return { span: spanOfName(place), type: TYPES[place.kind], isDefinition: place.site.role === 'definition' };
}

/** Names of Istio's and the Gateway API's own YAML: hosts and subsets like the clusters that they become, gateways like listeners. */
function istioTokens(facts: DocumentFacts, range: Range | undefined): NameToken[] {
  const within = range && spanOfRange(facts.tree, range);
  return istioPlacesOf(facts).flatMap(({ node, naming }) => {
    const span = facts.tree.span(node.id);
    if (within && (span.end < within.start || span.start > within.end)) return [];
    return [{ span, type: typeOfNaming(naming.kind), isDefinition: naming.role === 'definition' }];
  });
}

function typeOfNaming(kind: string): NameToken['type'] {
  if (kind === 'host' || kind === 'subset') return 'class';
  if (kind === 'section' || kind.endsWith('/Gateway')) return 'interface';
  if (kind === 'credential') return 'variable';
  return /^(?:[a-z]+\.istio\.io|gateway\.networking\.k8s\.io)\//.test(kind) ? 'namespace' : undefined;
}

/** The names that command operators in texts mention (`%REQ(x-user)%`, `%DYNAMIC_METADATA(ns:key)%`, `%FILTER_STATE(key:PLAIN)%`), each at its own place. */
import type { ReferenceKind } from '../../schema/references/referenceSite';
import { nodeAt } from '../../syntax/tree/nodeAt';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { findFirst } from '../../text/findFirst';
import { memoizeByObject } from '../../text/memoizeByObject';
import type { Span } from '../../text/span';
import { findOperators, type FoundOperator } from './findOperator';

/** What is named: a header, a namespace or a key of metadata, an object of filter state. */
export interface MentionedName {
  readonly kind: ReferenceKind;
  readonly name: string;
  /** The namespace of a key of metadata. */
  readonly qualifier?: string;
}

export interface OperatorMention extends MentionedName {
  readonly tree: SyntaxTree;
  /** The text in which it stands. */
  readonly node: NodeId;
  readonly span: Span;
  /** The whole operator, percent signs included. */
  readonly operator: Span;
}

/** Kinds of names that operators mention. */
export const MENTIONED_KINDS: ReadonlySet<ReferenceKind> = new Set<ReferenceKind>([
  'header',
  'metadata',
  'metadata_namespace',
  'filter_state',
]);

/** All of a document, in its order. Texts are looked for by their percent signs: of a large dump hardly any has one. */
export const mentionsIn: (tree: SyntaxTree) => readonly OperatorMention[] = memoizeByObject((tree: SyntaxTree) => {
  const { text } = tree;
  const found: OperatorMention[] = [];
  for (let at = text.indexOf('%'); at >= 0;) {
    const node = isOperator(text.charAt(at + 1)) ? textNodeAt(tree, at) : NO_NODE;
    if (node !== NO_NODE) found.push(...mentionsOfText(tree, node));
    at = text.indexOf('%', node === NO_NODE ? at + 1 : Math.max(at + 1, tree.end(node)));
  }
  return found;
});

/** The scalar around an offset. Nodes stand in the order of the text, but for what an alias repeats: then the tree is gone down. */
function textNodeAt(tree: SyntaxTree, at: number): NodeId {
  const isText = (node: NodeId) => node !== NO_NODE && !tree.isContainer(node) && tree.start(node) <= at && at < tree.end(node);
  const last = findFirst(tree.size, (node) => tree.start(node) > at) - 1;
  if (isText(last)) return last;
  const place = tree.language === 'yaml' ? nodeAt(tree, at) : undefined;
  return place && isText(place.node) ? place.node : NO_NODE;
}

function isOperator(first: string): boolean {
  return first >= 'A' && first <= 'Z';
}

/** Of one text of a document. */
export function mentionsOfText(tree: SyntaxTree, node: NodeId): OperatorMention[] {
  const { start, end } = tree.span(node);
  const shifted = (span: Span, by: number): Span => ({ start: span.start + by, end: span.end + by });
  return findOperators(tree.text.slice(start, end)).flatMap((found) => {
    const operator = shifted(found, start);
    const parameters = operator.start + `%${found.name}(`.length;
    return namesOf(found).map(({ span, ...mentioned }) => ({ ...mentioned, tree, node, operator, span: shifted(span, parameters) }));
  });
}

interface Part {
  readonly name: string;
  /** From the beginning of the parameters. */
  readonly span: Span;
}

/** What has escapes reads otherwise than it is written. */
function namesOf({ name, parameters = '' }: FoundOperator): (MentionedName & Part)[] {
  return listNames(name, parameters).filter((each) => each.name !== '' && !each.name.includes('\\'));
}

/** Of two headers with `?` between them both (Envoy: source/common/formatter/http_specific_formatter.cc, stream_info_formatter.cc). */
function listNames(operator: string, parameters: string): (MentionedName & Part)[] {
  if (/^(?:REQ|RESP|TRAILER|STREAM_INFO_REQ|(?:REQUEST|RESPONSE)_(?:HEADER|TRAILER))$/.test(operator))
    return partsOf(parameters, '?').map((part) => ({ kind: 'header', ...part }));
  const parts = partsOf(parameters, ':');
  if (operator === 'FILTER_STATE') return parts.slice(0, 1).map((part) => ({ kind: 'filter_state', ...part }));
  const path = operator === 'DYNAMIC_METADATA' ? parts : operator === 'METADATA' && parts[0]?.name === 'DYNAMIC' ? parts.slice(1) : [];
  const [namespace, key] = path;
  if (!namespace) return [];
  const own = { kind: 'metadata_namespace', ...namespace } as const;
  return key ? [own, { kind: 'metadata', ...key, qualifier: namespace.name }] : [own];
}

function partsOf(text: string, separator: string): Part[] {
  let start = 0;
  return text.split(separator).map((name) => {
    const span = { start, end: start + name.length };
    start = span.end + separator.length;
    return { name, span };
  });
}

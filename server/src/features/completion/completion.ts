/** Completion in hand-written configurations: fields, enum values, types and names that exist, also in text that is not finished. */
import type { CompletionItem, CompletionList } from 'vscode-languageserver-types';
import { messageOf } from '../../index/names/collectNames';
import type { DocumentFacts } from '../../index/documentFacts';
import { WORD_OF_API } from '../../model/document/guessFragment';
import { ConfigNode } from '../../schema/configNode';
import { messagesWithFields } from '../../schema/table/messagesWithFields';
import { schemaAt, type NodeSchema } from '../../schema/walk/schemaAt';
import { noSchemaComments, type SchemaComments } from '../../schema/table/schemaComments';
import { nodeAt } from '../../syntax/tree/nodeAt';
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { Place } from '../place/place';
import { isOurs } from '../known/isOurs';
import { schemaRootAt, type SchemaRoot } from '../place/schemaRoot';
import { readBlockStyle, type BlockStyle } from './blockStyle';
import { completeExtensionNames, completeProtocolOptions } from './completeExtensionNames';
import { completeBlocks, completeFields } from './completeFields';
import { completeInside } from './completeInside';
import { completeIstioNames } from './completeIstioNames';
import { completeKubernetes } from './completeKubernetes';
import { completeNames } from './completeNames';
import { completeOperators } from './completeOperators';
import { completeTypes, DISCOVERY } from './completeTypes';
import { completeValues } from './completeValues';
import { completeWords } from './completeWords';
import type { Cursor } from './cursor';
import { PLACEHOLDER, putPlaceholder, readCursorToken, type CursorToken } from './cursorToken';
import { spellsCamel } from './spelling';
import { writeCandidates, type Candidate } from './writeCandidates';
import { fileNameOf } from '../../text/uriParts';
import { readDocumentFacts } from '../../index/readDocumentFacts';

/** Larger texts are not written by hand; they would be parsed at every keystroke. */
const MAX_LENGTH = 1_000_000;
/** More than anyone scrolls through: the editor asks again with more letters. */
const MAX_ITEMS = 1_000;

const LISTED = new RegExp(`, *${PLACEHOLDER}$`);

const NOTHING: CompletionList = { isIncomplete: false, items: [] };

/** What the editor can do with what is offered. */
export interface CompletionOptions {
  /** It fills in snippets: texts of several lines with stops for the cursor. */
  readonly snippets?: boolean;
  /** Its own command that asks for suggestions again. */
  readonly suggestCommand?: string | undefined;
  /** Nobody asked: a colon was typed. Whoever types on to the next line must not take a block by the Enter key. */
  readonly isColonTyped?: boolean;
}

/** Nothing in dumps, and where the schema knows nothing of the place. */
export function findCompletions(
  place: Place,
  comments: SchemaComments = noSchemaComments,
  { snippets = false, suggestCommand, isColonTyped = false }: CompletionOptions = {},
): CompletionList {
  const facts = place.snapshot.documents.get(place.uri);
  if (!facts || facts.tree.text.length > MAX_LENGTH || facts.parts.some(({ kind }) => kind === 'dump' || kind === 'ztunnel'))
    return NOTHING;
  const operators = isOurs(facts) ? completeOperators(facts, place.offset, snippets) : [];
  if (operators.length > 0) return { isIncomplete: false, items: operators };
  const text = String(facts.tree.text);
  const token = readCursorToken(text, place.offset, languageOf(facts));
  if (!token) return NOTHING;
  const style = readBlockStyle(text);
  const candidates = findCandidates({ place, before: facts, token, comments, blockStyle: style, isColonTyped });
  const typed = text.slice(token.span.start, place.offset).toLowerCase();
  const fitting = candidates.length > MAX_ITEMS ? candidates.filter(({ name }) => name.toLowerCase().includes(typed)) : candidates;
  const writing = { tree: facts.tree, language: languageOf(facts), token, style, snippets, suggestCommand };
  const items: CompletionItem[] = writeCandidates(writing, fitting.slice(0, MAX_ITEMS));
  return { isIncomplete: candidates.length > MAX_ITEMS, items };
}

/** What the cursor is read from. */
interface Asked {
  readonly place: Place;
  /** The document as it stands. */
  readonly before: DocumentFacts;
  readonly token: CursorToken;
  readonly comments: SchemaComments;
  readonly blockStyle: BlockStyle;
  readonly isColonTyped: boolean;
}

function findCandidates(asked: Asked): readonly Candidate[] {
  const { token } = asked;
  const cursor = readCursor(asked, true);
  if (!cursor) return [];
  // A word alone on its line may begin a mapping or be an item of a list of scalars: the schema tells which.
  const isScalar = cursor.isKey && !token.hasColon && isScalarPlace(cursor.around);
  const read = isScalar ? readCursor(asked, false) : cursor;
  if (!read) return [];
  if (read.isKey)
    return [
      ...completeProtocolOptions(read),
      ...(token.hasColon ? [] : completeInside(read)),
      ...completeFields(read),
      ...completeNames(read),
      ...completeKubernetes(read),
    ];
  if (read.isListed) return completeWords(read);
  if (read.facts.tree.key(read.node) === '@type') return completeTypes(read);
  return [
    ...completeNames(read),
    ...completeIstioNames(read),
    ...completeKubernetes(read),
    ...completeValues(read),
    ...completeExtensionNames(read),
    ...completeWords(read),
    ...(token.endsLine && !token.hasBlock && !asked.isColonTyped ? completeBlocks(read) : []),
  ];
}

/** A text that is hardly begun tells its language by its file's name alone. */
function languageOf({ tree, uri, parts }: DocumentFacts): 'json' | 'yaml' {
  if (parts.length > 0) return tree.language;
  return /\.ya?ml$/i.test(uri) ? 'yaml' : /\.jsonc?$/i.test(uri) ? 'json' : String(tree.text).trim() === '' ? 'yaml' : tree.language;
}

function isScalarPlace(around: NodeSchema | undefined): boolean {
  const field = around?.field;
  if (!field || around.message || (field.mapKey !== undefined && !around.isItem)) return false;
  return field.message === undefined || /^google\.protobuf\.(?:\w+Value|Duration)$/.test(field.message);
}

function readCursor({ place, before, token, comments, blockStyle }: Asked, asKey: boolean): Cursor | undefined {
  const language = languageOf(before);
  const patched = putPlaceholder(String(before.tree.text), token, language, asKey);
  const facts = readDocumentFacts({ uri: place.uri, text: patched.text, languageId: language });
  const found = nodeAt(facts.tree, patched.offset);
  if (!found) return undefined;
  const { node, part } = found;
  const isKey = part === 'key';
  const word = String(isKey ? facts.tree.key(node) : facts.tree.scalar(node));
  const isListed = !isKey && LISTED.test(word);
  if (word !== PLACEHOLDER && !isListed) return undefined;
  const root = rootOf(facts, node, before);
  const parent = facts.tree.parent(node);
  const schemaOf = (id: NodeId) => (id === NO_NODE || !root ? undefined : schemaAt(facts.tree, root.node, root.message, id));
  const style = { ...blockStyle, isCamel: spellsCamel(facts.tree, parent) };
  const { isAlone } = token;
  return {
    place,
    facts,
    node,
    isKey,
    isAlone,
    isListed,
    parent,
    schemaOf,
    schema: schemaOf(node),
    around: schemaOf(parent),
    comments,
    style,
  };
}

/** The message in whose terms the place is read: that of its resource, of the piece that it was before, else the one that its own keys tell. */
function rootOf(facts: DocumentFacts, node: NodeId, before: DocumentFacts): SchemaRoot | undefined {
  const known = bootstrapAround(facts, node) ?? schemaRootAt(facts, node);
  if (known) return known;
  const { tree } = facts;
  const root = tree.roots.findLast((each) => each <= node);
  if (root === undefined) return undefined;
  const piece = pieceAround(tree, root, node);
  const message = messageOfPiece(before, tree.roots.indexOf(root)) ?? guessRoot(facts, new ConfigNode(tree, piece));
  return message === undefined ? undefined : { node: piece, message };
}

/** From the bootstrap down, as its lists of resources are fields too. */
function bootstrapAround({ parts, tree }: DocumentFacts, node: NodeId): SchemaRoot | undefined {
  const resources = parts.flatMap((part) => part.resources.filter(({ kind }) => kind === 'bootstrap'));
  const around = resources.find(({ node: { id } }) => id <= node && node < tree.next(id));
  return around && { node: around.node.id, message: BOOTSTRAP };
}

/** The document, or the item of the list that it is. */
function pieceAround(tree: SyntaxTree, root: NodeId, node: NodeId): NodeId {
  if (tree.kind(root) !== NodeKind.array) return root;
  return tree.children(root).findLast((each) => each <= node) ?? root;
}

/** What the document held before the cursor's word was put into it: all items of a list are of one kind. */
function messageOfPiece({ parts, tree }: DocumentFacts, index: number): string | undefined {
  const root = tree.roots[index];
  const resources = parts.flatMap((part) => part.resources);
  const piece = resources.find(({ node }) => node.id === root || tree.parent(node.id) === root);
  return piece && messageOf(piece);
}

const BOOTSTRAP = 'envoy.config.bootstrap.v3.Bootstrap';

function guessRoot(facts: DocumentFacts, root: ConfigNode): string | undefined {
  if (!root.isObject) return undefined;
  const keys = root.entries().flatMap(([key]) => (key === PLACEHOLDER ? [] : [key]));
  let known: readonly string[] | undefined;
  const fitting = () => (known ??= messagesWithFields(keys));
  const file = fileNameOf(facts.uri);
  const fits = (message: string) => keys.length === 0 || fitting().includes(message);
  if (/envoy|bootstrap/i.test(file) && fits(BOOTSTRAP)) return BOOTSTRAP;
  if (/(?:^|[^a-z])(?:[lcers]|sr|vh|ec)ds(?:[^a-z]|$)/i.test(file) && fits(DISCOVERY)) return DISCOVERY;
  return keys.some((key) => WORD_OF_API.test(key)) && fitting().length === 1 ? fitting()[0] : undefined;
}

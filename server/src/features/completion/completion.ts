/** Completion in hand-written configurations: fields, enum values, types and names that exist, also in text that is not finished. */
import type { CompletionItem, CompletionList } from 'vscode-languageserver-types';
import { readDocumentFacts, type DocumentFacts } from '../../index/documentFacts';
import { ConfigNode } from '../../schema/configNode';
import { messagesWithFields } from '../../schema/messagesWithFields';
import { schemaAt, type NodeSchema } from '../../schema/schemaAt';
import { noSchemaComments, type SchemaComments } from '../../schema/schemaComments';
import { nodeAt } from '../../syntax/nodeAt';
import { NO_NODE, type NodeId } from '../../syntax/syntaxTree';
import type { Place } from '../place';
import { schemaRootAt, type SchemaRoot } from '../schemaRoot';
import { completeFields } from './completeFields';
import { completeIstioNames } from './completeIstioNames';
import { completeKubernetes } from './completeKubernetes';
import { completeNames } from './completeNames';
import { completeExtensionNames, completeTypes } from './completeTypes';
import { completeValues } from './completeValues';
import { PLACEHOLDER, putPlaceholder, readCursorToken, type CursorToken } from './cursorToken';
import { writeCandidates, type Candidate } from './writeCandidates';

/** Larger texts are not written by hand; they would be parsed at every keystroke. */
const MAX_LENGTH = 1_000_000;
/** More than anyone scrolls through: the editor asks again with more letters. */
const MAX_ITEMS = 1_000;

const NOTHING: CompletionList = { isIncomplete: false, items: [] };

/** Nothing in dumps, and where the schema knows nothing of the place. */
export function findCompletions(place: Place, comments: SchemaComments = noSchemaComments): CompletionList {
  const facts = place.snapshot.documents.get(place.uri);
  if (!facts || facts.tree.text.length > MAX_LENGTH || facts.parts.some(({ kind }) => kind === 'dump' || kind === 'ztunnel'))
    return NOTHING;
  const text = String(facts.tree.text);
  const token = readCursorToken(text, place.offset, languageOf(facts));
  if (!token) return NOTHING;
  const candidates = findCandidates(place, facts, token, comments);
  const typed = text.slice(token.span.start, place.offset).toLowerCase();
  const fitting = candidates.length > MAX_ITEMS ? candidates.filter(({ name }) => name.toLowerCase().includes(typed)) : candidates;
  const items: CompletionItem[] = writeCandidates(facts.tree, token, fitting.slice(0, MAX_ITEMS));
  return { isIncomplete: candidates.length > MAX_ITEMS, items };
}

/** The unfinished text, read with a whole word at the cursor. */
export interface Cursor {
  readonly place: Place;
  readonly facts: DocumentFacts;
  readonly node: NodeId;
  readonly isKey: boolean;
  readonly parent: NodeId;
  /** Of the node itself and of the object or list around it. */
  readonly schema: NodeSchema | undefined;
  readonly around: NodeSchema | undefined;
  readonly comments: SchemaComments;
}

function findCandidates(place: Place, facts: DocumentFacts, token: CursorToken, comments: SchemaComments): readonly Candidate[] {
  const cursor = readCursor(place, facts, token, { comments, asKey: true });
  if (!cursor) return [];
  // A word alone on its line may begin a mapping or be an item of a list of scalars: the schema tells which.
  const isScalar = cursor.isKey && !token.hasColon && isScalarPlace(cursor.around);
  const read = isScalar ? readCursor(place, facts, token, { comments, asKey: false }) : cursor;
  if (!read) return [];
  if (read.isKey) return [...completeFields(read), ...completeNames(read), ...completeKubernetes(read)];
  if (read.facts.tree.key(read.node) === '@type') return completeTypes(read);
  return [
    ...completeNames(read),
    ...completeIstioNames(read),
    ...completeKubernetes(read),
    ...completeValues(read),
    ...completeExtensionNames(read),
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

function readCursor(
  place: Place,
  before: DocumentFacts,
  token: CursorToken,
  { comments, asKey }: { comments: SchemaComments; asKey: boolean },
): Cursor | undefined {
  const language = languageOf(before);
  const patched = putPlaceholder(String(before.tree.text), token, language, asKey);
  const facts = readDocumentFacts({ uri: place.uri, text: patched.text, languageId: language });
  const found = nodeAt(facts.tree, patched.offset);
  if (!found) return undefined;
  const { node, part } = found;
  const isKey = part === 'key';
  if ((isKey ? facts.tree.key(node) : facts.tree.scalar(node)) !== PLACEHOLDER) return undefined;
  const root = rootOf(facts, node);
  const parent = facts.tree.parent(node);
  const schemaOf = (id: NodeId) => (id === NO_NODE || !root ? undefined : schemaAt(facts.tree, root.node, root.message, id));
  return { place, facts, node, isKey, parent, schema: schemaOf(node), around: schemaOf(parent), comments };
}

/** The message in whose terms the place is read: that of its resource, else the one that the document's own keys tell. */
function rootOf(facts: DocumentFacts, node: NodeId): SchemaRoot | undefined {
  const known = schemaRootAt(facts, node);
  if (known) return known;
  const root = facts.tree.roots.findLast((each) => each <= node);
  const message = root === undefined ? undefined : guessRoot(facts, new ConfigNode(facts.tree, root));
  return root === undefined || message === undefined ? undefined : { node: root, message };
}

const BOOTSTRAP = 'envoy.config.bootstrap.v3.Bootstrap';

function guessRoot(facts: DocumentFacts, root: ConfigNode): string | undefined {
  if (!root.isObject) return undefined;
  const keys = root.entries().flatMap(([key]) => (key === PLACEHOLDER ? [] : [key]));
  if (/envoy|bootstrap/i.test(facts.uri.slice(facts.uri.lastIndexOf('/') + 1))) {
    if (keys.length === 0 || messagesWithFields(keys).includes(BOOTSTRAP)) return BOOTSTRAP;
  }
  if (keys.length === 0) return undefined;
  const fitting = messagesWithFields(keys);
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Reads YAML into a tree: several documents, anchors, aliases, merge keys, configs inside ConfigMaps; what is broken is a problem. */
import { isScalar, type Document, type ParsedNode } from 'yaml';
import type { ValueTape } from '../tree/graftTree';
import { FLAG_ENCODED, NodeKind, SyntaxTree, type NodeId, type Scalar, type TreeParts } from '../tree/syntaxTree';
import { flattenFlows } from './flattenFlows';
import { readByTokens, YamlTooDeep } from './readByTokens';
import { joinQuotedLines } from './joinQuotedLines';
import { reportDuplicates } from '../json/reportDuplicates';
import { scanYaml } from './scanYaml';
import { addProblem, createTape, finishColumns } from '../tree/tape';
import { writeYamlNodes, type ReadInner } from './writeYamlNodes';
import { markLosses, wordsOfYamlError, type YamlError } from './yamlErrors';
import { decodeQuoted, resolvePlain, yamlKeyEnd } from './yamlScalar';

/** Above this many characters what our own reader does not understand is not worth the library's time. */
const MAX_LIBRARY_LENGTH = 12_000_000;

/** The tree of a YAML text; never throws. */
export function parseYaml(uri: string, text: string): SyntaxTree {
  return readYaml(uri, text, (inner) => readYaml(uri, inner, undefined));
}

function readYaml(uri: string, text: string, readInner: ReadInner): SyntaxTree {
  const plain = newTarget(text);
  if (!(readInner && text.includes('ConfigMap')) && scanYaml(plain, (value) => readYamlByLibrary(uri, value))) {
    reportDuplicates(plain.tape);
    return yamlTree(uri, plain, { isMovable: plain.keyEnds.size === 0 });
  }
  return readYamlByLibrary(uri, text, readInner);
}

/** The same by the library alone, which is the judge of our own reader in tests. */
export function readYamlByLibrary(uri: string, text: string, readInner?: ReadInner): SyntaxTree {
  const target = newTarget(text);
  if (text.length > MAX_LIBRARY_LENGTH)
    addProblem(target.tape, { span: { start: 0, end: 0 }, message: 'This YAML is too large to be read.', severity: 'warning' });
  else {
    for (const document of readDocuments(target, text)) writeDocument(target, document, readInner);
    reportDuplicates(target.tape);
  }
  return yamlTree(uri, target);
}

function newTarget(text: string): ValueTape {
  return { tape: createTape(text), values: new Map(), keyEnds: new Map() };
}

/** Wraps a finished tape of YAML nodes. */
export function yamlTree(
  uri: string,
  target: ValueTape,
  { language = 'yaml', isMovable = false }: Partial<Pick<TreeParts, 'language' | 'isMovable'>> = {},
): SyntaxTree {
  const { tape, values, keyEnds } = target;
  return new SyntaxTree({
    uri,
    text: tape.text,
    language,
    isMovable,
    columns: finishColumns(tape),
    keys: tape.keys,
    roots: tape.roots,
    problems: tape.problems,
    decode: (tree, node) => decodeYaml(tree, node, values),
    keepsValue: (node) => values.has(node),
    keyEnd: (text, start) => keyEnds.get(start) ?? yamlKeyEnd(text, start),
  });
}

/** Readings of one text. */
const MAX_READINGS = 6;

/** The documents; where only the indentation of flow collections or quoted texts is wrong, as if it were right. */
function readDocuments(target: ValueTape, text: string): readonly Document.Parsed[] {
  let best = readAsWritten(target, text);
  let joined = text;
  const flat = errorsOf(best).length > 0 ? flattenFlows(text) : text;
  const flattened = flat === text ? best : readAsWritten(target, flat);
  if (errorsOf(flattened).length < errorsOf(best).length) {
    best = flattened;
    joined = flat;
  }
  for (let count = 1; count < MAX_READINGS; count++) {
    const open = errorsOf(best).find(({ message }) => /^Missing closing ["']quote/.test(message));
    const next = open ? joinQuotedLines(joined, open.pos[0] - 1) : joined;
    const documents = next === joined ? best : readAsWritten(target, next);
    if (documents === best || errorsOf(documents).length >= errorsOf(best).length) break;
    best = documents;
    joined = next;
  }
  return best;
}

function errorsOf(documents: readonly Document.Parsed[]): YamlError[] {
  return documents.flatMap(({ errors }) => errors.filter(isError));
}

/** yaml-cpp takes `\'` in double quotes, and directives without `---` behind them. */
function isError({ message }: YamlError): boolean {
  return !message.startsWith("Invalid escape sequence \\'") && !message.startsWith('Missing directives-end');
}

function readAsWritten(target: ValueTape, text: string): readonly Document.Parsed[] {
  try {
    return readByTokens(text);
  } catch (error) {
    noteUnreadable(target, error);
    return [];
  }
}

function writeDocument(target: ValueTape, document: Document.Parsed, readInner: ReadInner): void {
  const errors = document.errors.filter(isError);
  for (const error of errors) {
    const { pos, message } = error;
    // yaml-cpp takes the rest of the file for the text.
    const severity = /^Missing closing ["']quote/.test(message) ? 'warning' : 'error';
    const span = { start: pos[0], end: Math.max(pos[0], pos[1]) };
    addProblem(target.tape, { span, message: /call stack/.test(message) ? TOO_DEEP : wordsOfYamlError(error), severity });
  }
  const first = target.tape.size;
  if (document.contents !== null && !isEmpty(document.contents)) writeYamlNodes(target, document.contents, readInner);
  markLosses(target.tape, first, errors);
}

/** A document of comments only has no root. */
function isEmpty(contents: ParsedNode): boolean {
  return (
    isScalar(contents) && contents.source === '' && contents.type === 'PLAIN' && contents.anchor === undefined && contents.tag === undefined
  );
}

function noteUnreadable(target: ValueTape, error: unknown): void {
  const at = error instanceof YamlTooDeep ? error.at : 0;
  const message = error instanceof YamlTooDeep || error instanceof RangeError ? TOO_DEEP : 'This YAML cannot be read.';
  addProblem(target.tape, { span: { start: at, end: at }, message, severity: 'error' });
}

const TOO_DEEP = 'This YAML is nested too deeply to be read.';

function decodeYaml(tree: SyntaxTree, node: NodeId, values: Map<NodeId, Scalar>): Scalar {
  const kept = values.get(node);
  if (kept !== undefined || tree.kind(node) === NodeKind.null) return kept ?? null;
  const source = tree.text.slice(tree.start(node), tree.end(node));
  if (tree.kind(node) !== NodeKind.string) return resolvePlain(source).value;
  return tree.hasFlag(node, FLAG_ENCODED) ? decodeQuoted(source) : source;
}

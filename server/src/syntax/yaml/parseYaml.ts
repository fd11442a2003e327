/** Reads YAML into a tree: several documents, anchors, aliases, merge keys, configs inside ConfigMaps; what is broken is a problem. */
import { isScalar, type Document, type ParsedNode } from 'yaml';
import type { ValueTape } from '../tree/graftTree';
import { FLAG_ENCODED, NodeKind, SyntaxTree, type NodeId, type Scalar, type TreeParts } from '../tree/syntaxTree';
import { addErrors, errorsOf, readDocuments } from './readDocuments';
import type { LibraryReading } from './readPiece';
import { reportDuplicates } from '../json/reportDuplicates';
import { scanYaml } from './scanYaml';
import type { YamlLibrary } from './scanState';
import { addProblem, createTape, finishColumns } from '../tree/tape';
import { writeYamlNodes, type ReadInner } from './writeYamlNodes';
import { markLosses } from './yamlErrors';
import { decodeQuoted, resolvePlain, yamlKeyEnd } from './yamlScalar';

/** Above this many characters what our own reader does not understand is not worth the library's time. */
const MAX_LIBRARY_LENGTH = 12_000_000;

/** The tree of a YAML text; never throws. */
export function parseYaml(uri: string, text: string): SyntaxTree {
  return readYaml(uri, text, (inner) => readYaml(uri, inner, undefined));
}

function readYaml(uri: string, text: string, readInner: ReadInner): SyntaxTree {
  const plain = newTarget(text);
  if (!(readInner && text.includes('ConfigMap')) && scanYaml(plain, yamlLibrary(uri))) {
    reportDuplicates(plain.tape);
    return yamlTree(uri, plain, { isMovable: plain.keyEnds.size === 0 });
  }
  return readYamlByLibrary(uri, text, readInner);
}

/** The library for what our own reader leaves to it. */
export function yamlLibrary(uri: string): YamlLibrary {
  return { readValue: (text) => readYamlByLibrary(uri, text), readPiece: (text) => readPieceByLibrary(uri, text) };
}

/** The same by the library alone, which is the judge of our own reader in tests. */
export function readYamlByLibrary(uri: string, text: string, readInner?: ReadInner): SyntaxTree {
  const target = newTarget(text);
  if (text.length > MAX_LIBRARY_LENGTH)
    addProblem(target.tape, { span: { start: 0, end: 0 }, message: 'This YAML is too large to be read.', severity: 'warning' });
  else {
    for (const document of readDocuments(target.tape, text)) writeDocument(target, document, readInner);
    reportDuplicates(target.tape);
  }
  return yamlTree(uri, target);
}

/** A piece of a text, whose errors are left to those who know where it stands. */
function readPieceByLibrary(uri: string, text: string): LibraryReading {
  const target = newTarget(text);
  const documents = readDocuments(target.tape, text);
  for (const document of documents) writeContents(target, document, undefined);
  return { tree: yamlTree(uri, target), errors: errorsOf(documents) };
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

function writeDocument(target: ValueTape, document: Document.Parsed, readInner: ReadInner): void {
  const errors = errorsOf([document]);
  addErrors(target.tape, errors);
  const first = target.tape.size;
  writeContents(target, document, readInner);
  markLosses(target.tape, first, errors);
}

function writeContents(target: ValueTape, { contents }: Document.Parsed, readInner: ReadInner): void {
  if (contents !== null && !isEmpty(contents)) writeYamlNodes(target, contents, readInner);
}

/** A document of comments only has no root. */
function isEmpty(contents: ParsedNode): boolean {
  return (
    isScalar(contents) && contents.source === '' && contents.type === 'PLAIN' && contents.anchor === undefined && contents.tag === undefined
  );
}

function decodeYaml(tree: SyntaxTree, node: NodeId, values: Map<NodeId, Scalar>): Scalar {
  const kept = values.get(node);
  if (kept !== undefined || tree.kind(node) === NodeKind.null) return kept ?? null;
  const source = tree.text.slice(tree.start(node), tree.end(node));
  if (tree.kind(node) !== NodeKind.string) return resolvePlain(source).value;
  return tree.hasFlag(node, FLAG_ENCODED) ? decodeQuoted(source) : source;
}

/** Reads a text by what is in it: JSON, YAML, or prose around pieces of either. */
import { findFirst } from '../text/findFirst';
import { finish, type Steps } from '../text/steps';
import type { Text } from '../text/text';
import { findYamlBlocks, type YamlBlock } from './yaml/findYamlBlocks';
import { graftProblems, graftRoot, type ValueTape } from './tree/graftTree';
import { indentAt } from './json/jsonCursor';
import { mapLines, type LineMap } from './lineMap';
import { stripColours } from './stripColours';
import { stripLineNumbers } from './stripLineNumbers';
import { parseJson, parseJsonInSteps } from './json/parseJson';
import { parseYaml, yamlTree } from './yaml/parseYaml';
import { sniffText } from './sniffText';
import { blankTemplateLines } from './templateLines';
import { type NodeId, type SyntaxTree } from './tree/syntaxTree';
import { createTape, markIncomplete } from './tree/tape';

/** The tree of any text; never throws. The language id decides only where the content does not. */
export function parseText(uri: string, text: Text, languageId?: string): SyntaxTree {
  return finish(parseTextInSteps(uri, text, languageId));
}

/** The same in steps, where the text is JSON; all else is read in one. */
export function* parseTextInSteps(uri: string, text: Text, languageId?: string): Steps<SyntaxTree> {
  const stripped = stripLineNumbers(text) ?? stripColours(text) ?? withoutTemplateLines(text);
  if (!stripped) return yield* parseContent(uri, text, languageId);
  return mapTree(text, stripped, yield* parseContent(uri, stripped.text, languageId));
}

function withoutTemplateLines(text: Text): LineMap | undefined {
  const blanked = blankTemplateLines(text);
  return blanked === undefined ? undefined : { text: blanked, toOuter: identity };
}

function* parseContent(uri: string, text: Text, languageId: string | undefined): Steps<SyntaxTree> {
  switch (sniffText(text, languageId)) {
    case 'json':
      return yield* parseJsonInSteps(uri, text);
    case 'yaml':
      return parseYamlLines(uri, text);
    case 'prose':
      return parseProse(uri, String(text));
  }
}

/** A lone carriage return ends a line of YAML, too; the library takes it for part of a text. */
const LONE_RETURN = /\r(?!\n)/g;

function parseYamlLines(uri: string, text: Text): SyntaxTree {
  const written = String(text);
  const lines = written.includes('\r') ? written.replace(LONE_RETURN, '\n') : written;
  const tree = parseYaml(uri, lines);
  return lines === written ? tree : mapTree(text, { text: lines, toOuter: identity }, tree);
}

/** A root of some piece, and how its offsets lie in the whole. */
interface Piece {
  readonly tree: SyntaxTree;
  readonly root: NodeId;
  readonly toOuter: (offset: number) => number;
  readonly isIncomplete: boolean;
}

const identity = (offset: number): number => offset;

/** Fragments of JSON wherever they begin, and blocks of YAML in what is left. */
function parseProse(uri: string, text: string): SyntaxTree {
  const json = parseJson(uri, text);
  const containers = json.roots.filter((root) => json.isContainer(root));
  const blocks = findYamlBlocks(
    text,
    containers.filter((root) => isSureJson(json, root)).map((root) => json.span(root)),
  );
  if (blocks.length === 0) return json;
  const pieces: Piece[] = containers
    .filter((root) => isSureJson(json, root) || !isInBlock(blocks, json.start(root)))
    .map((root) => ({ tree: json, root, toOuter: identity, isIncomplete: false }));
  for (const block of blocks) {
    const { text: inner, toOuter } = mapLines(text, block.lines);
    const tree = parseYaml(uri, inner);
    for (const root of tree.roots) if (tree.isContainer(root)) pieces.push({ tree, root, toOuter, isIncomplete: block.isIncomplete });
  }
  const target = newTarget(text);
  graftProblems(target, { inner: json, toOuter: identity }, (offset) => isInBlock(blocks, offset));
  return graftPieces(uri, target, pieces);
}

/** Over several lines, or a bracket at the start of its line: not the flow style of a line of YAML. */
function isSureJson(json: SyntaxTree, root: NodeId): boolean {
  const { start, end } = json.span(root);
  if (json.text.charCodeAt(start) !== 34 && indentAt(json.text, start) >= 0) return true;
  const feed = json.text.indexOf('\n', start);
  return feed >= 0 && feed < end;
}

function isInBlock(blocks: readonly YamlBlock[], offset: number): boolean {
  const first = findFirst(blocks.length, (index) => (blocks[index]?.lines.at(-1)?.end ?? 0) > offset);
  return (blocks[first]?.lines[0]?.start ?? Infinity) <= offset;
}

/** The same tree with the offsets of the outer text. */
function mapTree(text: Text, { toOuter }: LineMap, tree: SyntaxTree): SyntaxTree {
  const target = newTarget(text);
  graftProblems(target, { inner: tree, toOuter });
  return graftPieces(
    tree.uri,
    target,
    tree.roots.map((root) => ({ tree, root, toOuter, isIncomplete: false })),
  );
}

function newTarget(text: Text): ValueTape {
  return { tape: createTape(text), values: new Map(), keyEnds: new Map() };
}

function graftPieces(uri: string, target: ValueTape, pieces: readonly Piece[]): SyntaxTree {
  const ordered = [...pieces].sort((a, b) => a.toOuter(a.tree.start(a.root)) - b.toOuter(b.tree.start(b.root)));
  for (const { tree, root, toOuter, isIncomplete } of ordered) {
    const id = target.tape.size;
    graftRoot(target, { inner: tree, root, toOuter, flags: 0 });
    if (isIncomplete) markIncomplete(target.tape, id);
  }
  return yamlTree(uri, target, { language: pieces.every((piece) => piece.tree.language === 'json') ? 'json' : 'yaml' });
}

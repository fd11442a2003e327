/** A bootstrap whose text we can read and Envoy cannot: comments in JSON, escapes of half a character, nesting without end … */
import type { DocumentPart } from '../../../../model/document/documentPart';
import { ConfigNode } from '../../../../schema/configNode';
import { findJsonRefusal } from '../../../../syntax/json/jsonRefusal';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../../../syntax/tree/syntaxTree';
import type { TextRefusal } from '../../../../syntax/textRefusal';
import { findYamlRefusals } from '../../../../syntax/yaml/yamlRefusals';
import { lineEndAt } from '../../../../text/lineEnds';
import { errorAt, warningAt } from '../../problem';
import type { DiagnosticRule, Problem } from '../../rule';

export const unreadableText: DiagnosticRule = {
  code: 'unreadable-text',
  applies: 'written',
  check: ({ facts: { tree, parts } }) =>
    parts
      .filter((part) => isWholeFile(tree, part))
      .flatMap(({ node }) => [...findTextRefusals(node), ...tooDeep(node), ...unreadDocuments(tree)]),
};

/** yaml-cpp's `Load` reads one document (source/common/protobuf/yaml_utility.cc). */
function unreadDocuments(tree: SyntaxTree): Problem[] {
  if (tree.language !== 'yaml') return [];
  return tree.roots
    .slice(1)
    .filter((root, before) => tree.isContainer(root) && isOtherDocument(tree, tree.roots[before] ?? root, root))
    .map((root) => {
      const start = tree.start(root);
      return warningAt(new ConfigNode(tree, root), 'Envoy reads the first document of a file only: nothing below this "---" counts.', {
        span: { start, end: lineEndAt(tree.text, start) },
      });
    });
}

/** Pieces of YAML among prose have none of these lines between them. */
function isOtherDocument(tree: SyntaxTree, before: NodeId, root: NodeId): boolean {
  return /^---/m.test(tree.text.slice(tree.end(before), tree.start(root)));
}

/** Texts that are no files of their own have another reader before Envoy's. */
function isWholeFile(tree: SyntaxTree, { kind, node }: DocumentPart): boolean {
  return kind === 'bootstrap' && tree.roots[0] === node.id;
}

/** Envoy chooses its reader by the name of the file (source/common/protobuf/utility.cc loadFromFile). */
function findTextRefusals(bootstrap: ConfigNode): Problem[] {
  const { tree } = bootstrap;
  const isYaml = /\.ya?ml$/i.test(tree.uri);
  if (isYaml) return tree.language === 'yaml' ? findYamlRefusals(tree).map((refusal) => problemOf(bootstrap, refusal, 'YAML')) : [];
  if (tree.language !== 'json' || !/\.json$/i.test(tree.uri)) return [];
  const refusal = findJsonRefusal(String(tree.text));
  return [...(refusal ? [problemOf(bootstrap, refusal, 'JSON')] : []), ...lostBytes(bootstrap)];
}

/** U+FFFD stands where the file has bytes that are no UTF-8, unless somebody wrote it. */
function lostBytes(bootstrap: ConfigNode): Problem[] {
  const start = bootstrap.tree.text.indexOf('\ufffd');
  const message = "Here the file seems to have bytes that are no UTF-8, and Envoy's JSON reader refuses those.";
  return start < 0 ? [] : [warningAt(bootstrap, message, { span: { start, end: start + 1 } })];
}

function problemOf(at: ConfigNode, { span, message }: TextRefusal, language: string): Problem {
  return errorAt(at, `Envoy's ${language} reader stops here: ${message}.`, { span });
}

/** Protobuf's JSON reader goes down a hundred levels, and YAML comes to it as JSON (json/internal/parser_options.h). */
const MAX_DEPTH = 100;

function tooDeep({ tree, id }: ConfigNode): Problem[] {
  const node = firstBelow(tree, id, MAX_DEPTH);
  return node === NO_NODE
    ? []
    : [errorAt(new ConfigNode(tree, node), `Envoy reads no more than ${MAX_DEPTH} levels of nesting: allowed depth exceeded.`)];
}

/** The first container that stands so many levels deeper than the first one. */
function firstBelow(tree: SyntaxTree, from: NodeId, levels: number): NodeId {
  const open: NodeId[] = [];
  for (let node = from; node < tree.next(from); node++) {
    while (open.length > 0 && node >= tree.next(open.at(-1) ?? 0)) open.pop();
    if (!tree.isContainer(node)) continue;
    open.push(node);
    if (open.length > levels) return node;
  }
  return NO_NODE;
}

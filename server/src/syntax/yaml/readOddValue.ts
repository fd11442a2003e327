/** Reads one YAML value that is not plain (flow style, folded or quoted over lines) with the library: its own lines only, not the whole text. */
import { graftValue, type ValueTape } from '../tree/graftTree';
import { NO_NODE, type NodeId, type SyntaxTree } from '../tree/syntaxTree';
import { endOfDeeper } from './yamlLine';

export interface OddValue {
  readonly start: number;
  /** Of the members of the container that has it: its further lines are indented deeper. */
  readonly column: number;
  readonly parent: NodeId;
  /** -1 where it has none. */
  readonly keyId: number;
  readonly keyStart: number;
}

/** Deeper than this no configuration is indented. */
const MAX_COLUMN = 1_000;

/** Writes the nodes of the value behind the last ones; gives where the next line begins, or undefined where only the whole text can tell. */
export function readOddValue(target: ValueTape, value: OddValue, readYaml: (text: string) => SyntaxTree): number | undefined {
  const { start, column } = value;
  if (column > MAX_COLUMN) return undefined;
  const text = String(target.tape.text);
  const stop = endOfDeeper(text, start, { column });
  const head = `${' '.repeat(column)}x: `;
  const inner = readYaml(head + text.slice(start, stop));
  const [top = NO_NODE, another] = inner.roots;
  const root = another === undefined && top !== NO_NODE ? inner.firstChild(top) : NO_NODE;
  const isWhole = root !== NO_NODE && inner.key(root) === 'x' && inner.nextSibling(root) === NO_NODE;
  if (!isWhole || inner.problems.length > 0) return undefined;
  graftValue(target, { inner, root, toOuter: (offset) => offset - head.length + start, flags: 0 }, value);
  return stop;
}

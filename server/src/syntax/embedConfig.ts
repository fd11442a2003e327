/** Opens the configs inside a Kubernetes ConfigMap: a text under `data` becomes the object that it spells. */
import { sniffConfiguration } from '../protocol/sniffConfiguration';
import type { Span } from '../text/span';
import type { Graft } from './tree/graftTree';
import { linesOf, mapLines, type KeptLine, type LineMap } from './lineMap';
import { parseJson } from './json/parseJson';
import { sniffText } from './sniffText';
import { FLAG_COPY, NO_NODE, type SyntaxTree } from './tree/syntaxTree';

/** A scalar of a ConfigMap: where it stands and what it says. */
export interface EmbeddedText {
  readonly text: string;
  readonly span: Span;
  readonly value: string;
}

/**
 * What to graft in the scalar's place, or undefined when it holds no config. In a literal block the offsets are those of the outer text;
 * in any other style the whole scalar stands for each node.
 */
export function readEmbeddedConfig(scalar: EmbeddedText, parseYaml: (text: string) => SyntaxTree): Graft | undefined {
  if (!scalar.value.includes('\n') && !scalar.value.startsWith('{')) return undefined;
  const map = literalLines(scalar);
  const content = map?.text ?? scalar.value;
  // Scripts, certificates and settings of other programs stand beside the configs: what is wrong in them is none of ours.
  if (!sniffConfiguration(content)) return undefined;
  const shape = sniffText(content, undefined);
  if (shape === 'prose' || (shape === 'json' && !/^\s*[[{]/.test(content))) return undefined;
  const inner = shape === 'json' ? parseJson('', content) : parseYaml(content);
  const root = inner.roots.find((node) => inner.isContainer(node)) ?? NO_NODE;
  if (root === NO_NODE) return undefined;
  const toOuter = map?.toOuter ?? (() => scalar.span.start);
  return { inner, root, toOuter, flags: map ? 0 : FLAG_COPY, use: map ? undefined : scalar.span };
}

/** The lines of a literal block (`|`) without their indentation; undefined for other styles and for copies. */
function literalLines({ text, span, value }: EmbeddedText): LineMap | undefined {
  if (text.charCodeAt(span.start) !== 124) return undefined;
  const headerEnd = text.indexOf('\n', span.start);
  if (headerEnd < 0 || headerEnd >= span.end) return undefined;
  const lines = [...linesOf(text, headerEnd + 1, span.end)];
  const first = lines.find((line) => text.slice(line.start, line.end).trim() !== '');
  const firstValueLine = value.split('\n').find((line) => line.trim() !== '');
  if (!first || firstValueLine === undefined) return undefined;
  const indent = first.end - first.start - firstValueLine.length;
  return mapLines(
    text,
    lines.map((line) => withoutIndent(text, line, indent)),
  );
}

function withoutIndent(text: string, line: KeptLine, indent: number): KeptLine {
  let start = line.start;
  while (start < line.end && start - line.start < indent && text.charCodeAt(start) === 32) start++;
  return { start, end: line.end };
}

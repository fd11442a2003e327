/** The same configuration in one of the many ways in which YAML can spell it. */
import { Document, isCollection, isScalar, visit, type Scalar } from 'yaml';
import type { JsonObject } from './json';
import type { Random } from './random';

const QUOTES = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'] as const;

/** Blocks and flows, quoted and plain texts, aliases for what is said twice, remarks, markers of documents: what it says stays the same. */
export function spellYaml(config: JsonObject, random: Random): string {
  const document = new Document(config, { version: '1.1', aliasDuplicateObjects: true });
  const flow = random.chance(0.3) ? 0.3 : 0.03;
  visit(document, {
    Collection(_, node) {
      // What begins with a brace is taken for JSON.
      if (node !== document.contents && random.chance(flow)) node.flow = true;
      if (random.chance(0.05)) node.commentBefore = ' a remark: with a colon';
    },
    Scalar(key, node, path) {
      const isInFlow = path.some((each) => isCollection(each) && each.flow === true);
      if (typeof node.value === 'string' && random.chance(0.3)) quote(node, random);
      if (key === 'value' && !isInFlow && random.chance(0.05) && !node.type?.startsWith('BLOCK')) node.comment = ' and why';
    },
  });
  shareTexts(document, random);
  const text = document.toString({
    indent: random.pick([2, 4]) ?? 2,
    indentSeq: random.chance(0.5),
    lineWidth: random.chance(0.2) ? 80 : 0,
  });
  return `${random.chance(0.2) ? '---\n' : ''}${text}${random.chance(0.1) ? '...\n' : ''}`;
}

/** Texts of one line. */
function quote(node: Scalar, random: Random): void {
  const isPlain = typeof node.value === 'string' && /^[\x20-\x7e]+$/.test(node.value) && !/^\s|\s$/.test(node.value);
  if (isPlain) node.type = random.pick(QUOTES) ?? 'PLAIN';
}

/** Now and then a text that stands in two places becomes an anchor and an alias. */
function shareTexts(document: Document, random: Random): void {
  if (!random.chance(0.2)) return;
  const seen = new Map<string, Scalar>();
  let anchors = 0;
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string' || node.value.length < 3) return undefined;
      const first = seen.get(node.value);
      if (!first) seen.set(node.value, node);
      if (!first || node.comment || node.commentBefore || !isScalar(first)) return undefined;
      first.anchor ??= `a${++anchors}`;
      return document.createAlias(first, first.anchor);
    },
  });
}

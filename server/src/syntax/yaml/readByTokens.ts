/** The `yaml` library in its two halves: it makes tokens without recursion, and nodes of them with it. */
import { Composer, Lexer, Parser, type CST, type Document, type ParsedNode } from 'yaml';

/** `at`: where the first value stands that is too deep. */
export class YamlTooDeep extends Error {
  constructor(readonly at: number) {
    super('nested too deeply');
  }
}

const OPTIONS = { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', strict: false, keepSourceTokens: false } as const;

/** Throws YamlTooDeep. */
export function readByTokens(text: string): Document.Parsed[] {
  const composer = new Composer<ParsedNode>(OPTIONS);
  return [...composer.compose(checkDepth(tokensOf(text)), false, -1)];
}

/** No configuration comes near it. Where a stack is nearly full, not even a regular expression can be compiled, and V8 ends the process. */
const MAX_DEPTH = 500;

/** The library takes seconds for a million open brackets: it is given no more of them than can be read. */
function* tokensOf(text: string): Generator<CST.Token> {
  const parser = new Parser();
  let depth = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') depth++;
    else if (lexeme === ']' || lexeme === '}') depth--;
    if (depth > MAX_DEPTH) throw new YamlTooDeep(parser.offset);
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

function* checkDepth(tokens: Iterable<CST.Token>): Generator<CST.Token> {
  for (const token of tokens) {
    const deep = findDeep(token);
    if (deep) throw new YamlTooDeep(deep.offset);
    yield token;
  }
}

function findDeep(root: CST.Token): CST.Token | undefined {
  const open: [token: CST.Token, depth: number][] = [[root, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [token, depth] = next;
    if (depth > MAX_DEPTH) return token;
    for (const child of childrenOf(token)) open.push([child, depth + 1]);
  }
  return undefined;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }: CST.CollectionItem) => [key, value].filter((each) => each !== undefined && each !== null));
}

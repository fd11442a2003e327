/** What the library says of broken YAML, in words that say what to do; and which mappings and lists it may have ended too early. */
import { NO_NODE, NodeKind, type NodeId } from '../tree/syntaxTree';
import { isKind, markIncomplete, type Tape } from '../tree/tape';
import { parentAt } from '../tree/treeColumns';

/** What the library says of an error. */
export interface YamlError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [start: number, end: number];
}

export const MISSING_COLON = 'A ":" with a space is missing after this key.';

/** The library's words, by their beginning. Others are plain enough. */
const WORDS: readonly (readonly [begin: string, message: string])[] = [
  [
    'Implicit keys need to be on a single line',
    'This key goes over several lines: is a ":" with a space missing, or the indentation wrong?',
  ],
  ['Implicit map keys need to be followed by map values', MISSING_COLON],
  [
    'Nested mappings are not allowed in compact mappings',
    'The value above has ended, and this is another key: look at the indentation; a text with ": " in it needs quotes.',
  ],
  ['Alias cannot be an empty string', 'A "*" begins an alias in YAML: put the text in quotes.'],
  ['Flow sequence in block collection must', 'The list above is not closed: a "]" is missing.'],
  ['Flow map in block collection must', 'The mapping above is not closed: a "}" is missing.'],
  ['Plain value cannot start with', 'A text cannot begin with this character in YAML: put it in quotes.'],
];

export function wordsOfYamlError({ message }: YamlError): string {
  return WORDS.find(([begin]) => message.startsWith(begin))?.[1] ?? message;
}

export function isMissingQuote({ message }: YamlError): boolean {
  return /^Missing closing ["']quote/.test(message);
}

/** A quoted text or a collection in flow style has no end. */
export function isOpenEnd(error: YamlError): boolean {
  return isMissingQuote(error) || /^Flow (?:map|sequence) in block collection must/.test(error.message);
}

/** After these the library goes on, and what follows may stand elsewhere than where it was meant. */
const LOSING: ReadonlySet<string> = new Set([
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
  'TAB_AS_INDENT',
  'UNEXPECTED_TOKEN',
]);

/** Marks all that is open where such an error stands: nobody can tell what it lacks. `first`: the first node of the document. */
export function markLosses(tape: Tape, first: NodeId, errors: readonly YamlError[]): void {
  for (const { code, pos } of errors) {
    if (!LOSING.has(code)) continue;
    for (let node = lastBefore(tape, first, pos[0]); node !== NO_NODE; node = parentAt(tape, node))
      if (isContainer(tape, node)) markIncomplete(tape, node);
  }
}

function lastBefore({ starts, size }: Tape, first: NodeId, offset: number): NodeId {
  for (let node = size - 1; node >= first; node--) if ((starts[node] ?? 0) <= offset) return node;
  return NO_NODE;
}

function isContainer(tape: Tape, node: NodeId): boolean {
  return isKind(tape, node, NodeKind.object) || isKind(tape, node, NodeKind.array);
}

/** Where command operators (`%NAME(parameters):length%`) stand in a text (Envoy: SubstitutionFormatParser of source/common/formatter). */

/** `start` and `end` count from the beginning of the text, percent signs included. */
export interface FoundOperator {
  readonly name: string;
  readonly parameters: string | undefined;
  readonly maxLength: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** Longer texts are no format strings. */
const MAX_LENGTH = 20_000;

/** The operator around `offset` of a text. */
export function findOperatorAt(text: string, offset: number): FoundOperator | undefined {
  return findOperators(text).find(({ start, end }) => start <= offset && offset <= end);
}

const NAME = /%([A-Z][A-Z0-9_]*)(\()?/g;
const REST = /(?::(\d+))?%/y;

/** All operators of a text, in order. */
export function findOperators(text: string): FoundOperator[] {
  if (text.length > MAX_LENGTH) return [];
  const found: FoundOperator[] = [];
  let free = 0;
  for (const { 0: head, 1: name = '', 2: opening, index } of text.matchAll(NAME)) {
    if (index < free) continue;
    const open = index + head.length;
    let close = opening === undefined ? open - 1 : text.indexOf(')', open);
    // Parameters may hold parentheses of their own: the last one is that before the percent sign.
    let rest = restAt(text, close + 1);
    while (opening !== undefined && close >= 0 && !rest) {
      close = text.indexOf(')', close + 1);
      rest = close < 0 ? null : restAt(text, close + 1);
    }
    if (!rest) continue;
    free = close + 1 + rest[0].length;
    found.push({
      name,
      parameters: opening === undefined ? undefined : text.slice(open, close),
      maxLength: rest[1],
      start: index,
      end: free,
    });
  }
  return found;
}

function restAt(text: string, at: number): RegExpExecArray | null {
  REST.lastIndex = at;
  return REST.exec(text);
}

/** Splits a format string into texts and operators: `%NAME(parameters):length%`. */

export type FormatPart = { readonly kind: 'text'; readonly text: string } | FormatOperator;

export interface FormatOperator {
  readonly kind: 'operator';
  /** Example: `DYNAMIC_METADATA` */
  readonly name: string;
  /** What stands in the parentheses; undefined where there are none. Example: `tunnel:destination` */
  readonly parameters: string | undefined;
  readonly maxLength: number | undefined;
}

/** `%%` is a percent sign; a `%` that begins no operator stays as it is (Envoy refuses it at load). */
export function parseFormat(text: string): FormatPart[] {
  const parts: FormatPart[] = [];
  let plain = '';
  for (let at = 0; at < text.length;) {
    if (text[at] !== '%') {
      const next = text.indexOf('%', at);
      plain += text.slice(at, next < 0 ? text.length : next);
      at = next < 0 ? text.length : next;
      continue;
    }
    const operator = text[at + 1] === '%' ? undefined : readOperator(text, at);
    if (!operator) {
      plain += '%';
      at += text[at + 1] === '%' ? 2 : 1;
      continue;
    }
    if (plain !== '') parts.push({ kind: 'text', text: plain });
    plain = '';
    parts.push(operator.part);
    at = operator.end;
  }
  if (plain !== '') parts.push({ kind: 'text', text: plain });
  return parts;
}

const NAME = /%([A-Z0-9_]+)(\()?/y;
const REST = /(?::(\d+))?%/y;

function readOperator(text: string, start: number): { part: FormatOperator; end: number } | undefined {
  NAME.lastIndex = start;
  const head = NAME.exec(text);
  if (!head) return undefined;
  const open = NAME.lastIndex;
  const close = head[2] === undefined ? open : closeOf(text, open);
  if (close === undefined) return undefined;
  REST.lastIndex = head[2] === undefined ? open : close + 1;
  const rest = REST.exec(text);
  if (!rest) return undefined;
  const parameters = head[2] === undefined ? undefined : text.slice(open, close);
  return {
    part: { kind: 'operator', name: head[1] ?? '', parameters, maxLength: rest[1] === undefined ? undefined : Number(rest[1]) },
    end: REST.lastIndex,
  };
}

/** The parenthesis that closes the parameters: the first one before `%` or `:length%`. CEL expressions hold parentheses of their own. */
function closeOf(text: string, open: number): number | undefined {
  for (let close = text.indexOf(')', open); close >= 0; close = text.indexOf(')', close + 1)) {
    REST.lastIndex = close + 1;
    if (REST.test(text)) return close;
  }
  return undefined;
}

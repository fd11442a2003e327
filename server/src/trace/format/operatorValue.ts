/** What an operator of a format string gives, and how operators are written. */
import { say, type Sentence } from '../record/sentence';
import { numberText } from './jsonText';
import type { FormatContext } from './formatContext';

export type OperatorValue =
  | {
      readonly kind: 'value';
      readonly value: string;
      /** In a JSON format, where it is more than a text: a number, a struct. It is never cut. */
      readonly json?: string;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

/** `parameters` is what stands in the parentheses, '' where there are none. */
export type Operator = (parameters: string, context: FormatContext) => OperatorValue;
export type Operators = Readonly<Record<string, Operator>>;

export const NOTHING: OperatorValue = { kind: 'absent' };

export function value(text: string): OperatorValue {
  return { kind: 'value', value: text };
}

export function number(given: number): OperatorValue {
  return { kind: 'value', value: String(given), json: numberText(given) };
}

export function unknown(missing: Sentence): OperatorValue {
  return { kind: 'unknown', missing };
}

/** What only the running Envoy knows of a stream that is at this point. */
export function atRunTime(name: string): OperatorValue {
  return unknown(say`what ${`%${name}%`} gives at run time`);
}

/** An empty text counts as nothing: it is printed as `-`. */
export function textOrNothing(text: string | undefined): OperatorValue {
  return text === undefined || text === '' ? NOTHING : value(text);
}

/** What an input of a matcher yields. */
import type { Sentence } from '../../record/sentence';

export interface InputReading {
  /** The input in words. Example: destination port; header `x-user` */
  readonly what: Sentence;
  readonly value: InputValue;
}

export type InputValue =
  | { readonly kind: 'text'; readonly text: string }
  /** Envoy's monostate: the value is not there, and that is certain. */
  | { readonly kind: 'absent' }
  /** A google.protobuf.Value of dynamic metadata, for the metadata input matcher only. */
  | { readonly kind: 'metadata'; readonly value: unknown }
  /** The attributes for a CEL matcher. */
  | { readonly kind: 'attributes' }
  /** Envoy itself has not got the data yet (DataAvailability NotAvailable): the matcher's answer is "insufficient data", for certain. */
  | { readonly kind: 'not_available' }
  /** The files do not tell; `excludes`: texts that it certainly is not. */
  | { readonly kind: 'unknown'; readonly missing: Sentence; readonly excludes?: (text: string) => boolean };

export const ABSENT: InputValue = { kind: 'absent' };
export const NOT_AVAILABLE: InputValue = { kind: 'not_available' };

/** A text; undefined or '' counts as absent where Envoy says so. */
export function textOrAbsent(text: string | undefined): InputValue {
  return text === undefined || text === '' ? ABSENT : { kind: 'text', text };
}

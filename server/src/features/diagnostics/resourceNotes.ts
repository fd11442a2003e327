/** What rules note of a resource, so that they need not look at it again while it is not edited. */
import type { Resource } from '../../model/resource';

/** Bits of `ResourceContent.notes`. */
export const NOTE = {
  /** All advice was sought in it, and none found. */
  flawless: 1,
  /** A cluster that has healthy endpoints, or need not have any. */
  hasEndpoints: 2,
  /** Endpoints with which all clusters were looked at. */
  isCounted: 4,
  /** It holds no inline text that may be a certificate. */
  hasNoInline: 8,
} as const;

export function isNoted({ content }: Resource, note: number): boolean {
  return (content.notes & note) !== 0;
}

export function note({ content }: Resource, noted: number, isSo = true): void {
  content.notes = isSo ? content.notes | noted : content.notes & ~noted;
}

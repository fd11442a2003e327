/** What is noted of a resource, so that nobody need look at it again while it is not edited. */
import type { ResourceList } from './resourceList';

/** Bits of `ResourceList.notes`. */
export const NOTE = {
  /** All advice was sought in it, and none found; of an inner message (innerMessages.ts), too. */
  flawless: 1,
  /** A cluster that has healthy endpoints, or need not have any. */
  hasEndpoints: 2,
  /** Endpoints with which all clusters were looked at. */
  isCounted: 4,
  /** It holds no inline text that may be a certificate. */
  hasNoInline: 8,
  /** A cluster whose endpoints are listed under its own name. */
  listsOwnEndpoints: 16,
} as const;

export function isNoted({ notes }: ResourceList, index: number, note: number): boolean {
  return ((notes[index] ?? 0) & note) !== 0;
}

export function note({ notes }: ResourceList, index: number, noted: number, isSo = true): void {
  const before = notes[index] ?? 0;
  notes[index] = isSo ? before | noted : before & ~noted;
}

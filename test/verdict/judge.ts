/** Compares Envoy's verdict with lint's: on whether, and on where. */
import { collectDiagnostics } from '../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { EnvoyVerdict } from './validate';

export type Judgement =
  | { readonly kind: 'both accept' }
  | { readonly kind: 'both refuse'; readonly errors: readonly FoundError[] }
  /** Both refuse, and lint's error is elsewhere than the change. */
  | { readonly kind: 'other place'; readonly errors: readonly FoundError[] }
  | { readonly kind: 'missed' }
  | { readonly kind: 'false alarm'; readonly errors: readonly FoundError[] }
  | { readonly kind: 'no verdict' };

/** A configuration as text. */
export interface Spelling {
  readonly text: string;
  readonly language: 'json' | 'yaml';
}

export interface FoundError {
  readonly code: string;
  readonly pointer: string;
  readonly message: string;
  readonly related: readonly string[];
}

function lintErrors({ text, language }: Spelling): FoundError[] {
  const uri = `lab:/bootstrap.${language}`;
  const snapshot = buildSnapshot([{ uri, text, languageId: language }]);
  return collectDiagnostics(snapshot, uri)
    .filter(({ severity }) => severity === 'error')
    .map(({ code, at, message, related = [] }) => ({
      code,
      pointer: at.tree.pointer(at.id),
      message,
      related: related.map((each) => each.at.tree.pointer(each.at.id)),
    }));
}

export function judge(config: Spelling, pointer: string, verdict: EnvoyVerdict): Judgement {
  const errors = lintErrors(config);
  if (verdict.kind === 'none') return { kind: 'no verdict' };
  if (verdict.kind === 'accepted') return errors.length === 0 ? { kind: 'both accept' } : { kind: 'false alarm', errors };
  if (errors.length === 0) return { kind: 'missed' };
  const isThere = errors.some((error) => [error.pointer, ...error.related].some((place) => isNear(place, pointer)));
  return { kind: isThere ? 'both refuse' : 'other place', errors };
}

/** The change itself, something in it, its neighbours in the same message, or the message (or list) that it is part of. */
function isNear(place: string, change: string): boolean {
  const owner = parentOf(change);
  return isWithin(place, owner) || (change.startsWith(`${place}/`) && depthOf(change) - depthOf(place) <= 3);
}

/** The message that a place belongs to: of an item of a list the message that has the list. */
function parentOf(pointer: string): string {
  const parent = pointer.slice(0, pointer.lastIndexOf('/'));
  return /\/\d+$/.test(pointer) ? parent.slice(0, parent.lastIndexOf('/')) : parent;
}

function isWithin(place: string, owner: string): boolean {
  return place === owner || place.startsWith(`${owner}/`);
}

function depthOf(pointer: string): number {
  return pointer.split('/').length;
}

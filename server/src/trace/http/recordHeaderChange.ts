/** Sums up changes of the response's headers, one after the other: what stands in the end, whatever the upstream answers (Envoy: HeaderParser::evaluateHeaders). */
import type { HeaderChanges } from '../../protocol/trace';

export type HeaderChange =
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'add'; readonly name: string; readonly value: string; readonly action: string; readonly isUnknown?: boolean };

/**
 * A later change undoes an earlier one of the same name. Where only the upstream's answer would tell (an `…IF_ABSENT`, an `…IF_EXISTS`), the change
 * is uncertain. `isLocal`: the answer is Envoy's own, whose headers are known.
 */
export function recordHeaderChange(changes: HeaderChanges, change: HeaderChange, isLocal = false): void {
  if (change.kind === 'remove') {
    forget(changes, change.name);
    changes.remove.push(change.name);
    return;
  }
  const { name, value, action, isUnknown = false } = change;
  const isNamed = ([each]: readonly [string, string]): boolean => each === name;
  const isSet = changes.set.some(isNamed);
  const isAppended = changes.append.some(isNamed);
  const isRemoved = changes.remove.includes(name);
  if (action === 'ADD_IF_ABSENT' && (isSet || isAppended)) return;
  if (action === 'OVERWRITE_IF_EXISTS' && isRemoved && !isSet) return;
  const isTouched = isSet || isAppended || isRemoved;
  const isKnown = isTouched || (isLocal && !OWN_HEADERS.has(name));
  if (action === 'OVERWRITE_IF_EXISTS' && isKnown && !isTouched) return;
  if (action.startsWith('OVERWRITE')) forget(changes, name);
  place(changes, action.startsWith('OVERWRITE') || isSet || isRemoved ? 'set' : 'append', [name, value]);
  if (isUnknown || (!isKnown && (action === 'ADD_IF_ABSENT' || action === 'OVERWRITE_IF_EXISTS'))) doubt(changes, name);
}

/** What Envoy's own answers may have. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['content-type', 'content-length', 'location', 'date', 'server']);

function doubt(changes: HeaderChanges, name: string): void {
  if (!changes.uncertain?.includes(name)) changes.uncertain = [...(changes.uncertain ?? []), name];
}

function trust(changes: HeaderChanges, name: string): void {
  const left = changes.uncertain?.filter((each) => each !== name) ?? [];
  if (left.length > 0) changes.uncertain = left;
  else delete changes.uncertain;
}

/** A header that is set is not also removed. */
function place(changes: HeaderChanges, list: 'set' | 'append', header: [string, string]): void {
  changes[list].push(header);
  changes.remove = changes.remove.filter((name) => name !== header[0]);
}

function forget(changes: HeaderChanges, name: string): void {
  changes.set = changes.set.filter(([each]) => each !== name);
  changes.append = changes.append.filter(([each]) => each !== name);
  changes.remove = changes.remove.filter((each) => each !== name);
  trust(changes, name);
}

/** Sums up changes of the response's headers, one after the other: what stands in the end, whatever the upstream answers (Envoy: HeaderParser::evaluateHeaders). */
import type { HeaderChanges } from '../../protocol/trace';

export type HeaderChange =
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'add'; readonly name: string; readonly value: string; readonly action: string };

/**
 * A later change undoes an earlier one of the same name. Where only the upstream's answer would tell (an `…IF_ABSENT`, an `…IF_EXISTS`),
 * the header is shown as appended, or as set.
 */
export function recordHeaderChange(changes: HeaderChanges, change: HeaderChange): void {
  const isNamed = ([name]: readonly [string, string]): boolean => name === change.name;
  const isSet = changes.set.some(isNamed);
  const isAppended = changes.append.some(isNamed);
  const isRemoved = changes.remove.includes(change.name);
  if (change.kind === 'remove') {
    forget(changes, change.name);
    changes.remove.push(change.name);
    return;
  }
  const { name, value, action } = change;
  switch (action) {
    case 'ADD_IF_ABSENT':
      if (!isSet && !isAppended) place(changes, isRemoved ? 'set' : 'append', [name, value]);
      return;
    case 'OVERWRITE_IF_EXISTS':
      if (isRemoved && !isSet) return;
      forget(changes, name);
      return place(changes, 'set', [name, value]);
    case 'OVERWRITE_IF_EXISTS_OR_ADD':
      forget(changes, name);
      return place(changes, 'set', [name, value]);
    default:
      return place(changes, isSet || isRemoved ? 'set' : 'append', [name, value]);
  }
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
}

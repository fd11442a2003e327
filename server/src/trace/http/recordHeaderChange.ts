/** Sums up changes of the response's headers, one after the other: what stands in the end, whatever the upstream answers (Envoy: HeaderParser::evaluateHeaders). */
import type { HeaderChanges } from '../../protocol/trace';
import { isJoinedInResponse } from '../facts/joinedHeaders';

export type HeaderChange =
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'add'; readonly name: string; readonly value: string; readonly action: string; readonly isUnknown?: boolean };

/**
 * A later change undoes an earlier one of the same name. Where only the upstream's answer would tell (an `…IF_ABSENT`, an `…IF_EXISTS`), the change
 * is uncertain. `isLocal`: the answer is Envoy's own, whose headers are known.
 */
export function recordHeaderChange(changes: HeaderChanges, change: HeaderChange, isLocal = false): void {
  if (change.kind === 'add') {
    recordAddedHeaders(changes, [change], isLocal);
    return;
  }
  forgetHeader(changes, change.name);
  changes.remove.push(change.name);
}

export type AddedHeader = Extract<HeaderChange, { kind: 'add' }>;

/** Of one list Envoy judges first what is there, then overwrites, then adds. `hasLocation`: of an own answer, where that is known. */
export function recordAddedHeaders(changes: HeaderChanges, list: readonly AddedHeader[], isLocal: boolean, hasLocation?: boolean): void {
  const presence = (name: string): Presence => {
    const known = presenceOf(changes, name, isLocal);
    return known === 'unknown' && name === 'location' && isLocal ? presenceOfLocation(changes, hasLocation) : known;
  };
  const wanted = list.flatMap((header) => resolve(header, presence(header.name)));
  for (const header of wanted) if (header.overwrites) write(changes, header);
  for (const header of wanted) if (!header.overwrites) write(changes, header);
}

interface ResolvedHeader {
  readonly name: string;
  readonly value: string;
  readonly overwrites: boolean;
  readonly isUncertain: boolean;
}

type Presence = 'there' | 'absent' | 'unknown';

function presenceOf(changes: HeaderChanges, name: string, isLocal: boolean): Presence {
  if (changes.uncertain?.includes(name)) return 'unknown';
  const isNamed = ([each]: readonly [string, string]): boolean => each === name;
  if (changes.set.some(isNamed) || changes.append.some(isNamed)) return 'there';
  return changes.remove.includes(name) || (isLocal && !OWN_HEADERS.has(name)) ? 'absent' : 'unknown';
}

function presenceOfLocation({ uncertain }: HeaderChanges, hasLocation: boolean | undefined): Presence {
  if (hasLocation === undefined || uncertain?.includes('location')) return 'unknown';
  return hasLocation ? 'there' : 'absent';
}

/** Nothing where the header is certainly left out. */
function resolve({ name, value, action, isUnknown = false }: AddedHeader, presence: Presence): ResolvedHeader[] {
  const isConditional = action === 'ADD_IF_ABSENT' || action === 'OVERWRITE_IF_EXISTS';
  if (isConditional && presence === (action === 'ADD_IF_ABSENT' ? 'there' : 'absent')) return [];
  return [{ name, value, overwrites: action.startsWith('OVERWRITE'), isUncertain: isUnknown || (isConditional && presence === 'unknown') }];
}

/** A header that is set is not also removed. */
function write(changes: HeaderChanges, { name, value, overwrites, isUncertain }: ResolvedHeader): void {
  const isReplaced = changes.remove.includes(name) || changes.set.some(([each]) => each === name);
  if (overwrites) forgetHeader(changes, name);
  if (overwrites || !joinLine(changes, name, value)) changes[overwrites || isReplaced ? 'set' : 'append'].push([name, value]);
  changes.remove = changes.remove.filter((each) => each !== name);
  if (isUncertain) doubtHeader(changes, name);
}

/** Of some headers there is one line, at whose end the value is put. */
function joinLine(changes: HeaderChanges, name: string, value: string): boolean {
  const list = [changes.set, changes.append].find((lines) => lines.some(([each]) => each === name));
  if (!list || !isJoinedInResponse(name)) return false;
  const at = list.findIndex(([each]) => each === name);
  const before = list[at]?.[1] ?? '';
  list[at] = [name, before === '' || value === '' ? before + value : `${before},${value}`];
  return true;
}

/** Changes that were summed up apart are made after those that stand in `changes`. */
export function replayChanges(changes: HeaderChanges, { set, append, remove, uncertain = [] }: HeaderChanges): void {
  for (const name of remove) recordHeaderChange(changes, { kind: 'remove', name });
  if (set.length > 0) for (const name of new Set(set.map(([each]) => each))) recordHeaderChange(changes, { kind: 'remove', name });
  for (const [name, value] of [...set, ...append])
    recordHeaderChange(changes, { kind: 'add', name, value, action: 'APPEND_IF_EXISTS_OR_ADD', isUnknown: uncertain.includes(name) });
  for (const name of uncertain) doubtHeader(changes, name);
}

/** What Envoy's own answers may have. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['content-type', 'content-length', 'location', 'date', 'server']);

/** Names a header whose change is uncertain. */
export function doubtHeader(changes: HeaderChanges, name: string): void {
  if (!changes.uncertain?.includes(name)) changes.uncertain = [...(changes.uncertain ?? []), name];
}

function trust(changes: HeaderChanges, name: string): void {
  const left = changes.uncertain?.filter((each) => each !== name) ?? [];
  if (left.length > 0) changes.uncertain = left;
  else delete changes.uncertain;
}

/** Nothing that was recorded of the header counts any more. */
export function forgetHeader(changes: HeaderChanges, name: string): void {
  if (changes.set.length + changes.append.length + changes.remove.length === 0 && !changes.uncertain) return;
  changes.set = changes.set.filter(([each]) => each !== name);
  changes.append = changes.append.filter(([each]) => each !== name);
  changes.remove = changes.remove.filter((each) => each !== name);
  trust(changes, name);
}

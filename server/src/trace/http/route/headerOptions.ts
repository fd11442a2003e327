/** `…_headers_to_add` and `…_headers_to_remove` (Envoy: HeaderParser::evaluateHeaders of source/common/router/header_parser.cc). */
import { joinHeaderLines } from '../../facts/joinedHeaders';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { forgetUnknownHeader, hasHeader, markDoubtfulHeader, markUnknownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { partsOf } from '../../format/formatParts';
import { formatString } from '../../format/formatString';
import { say, type Sentence } from '../../record/sentence';
import type { FormatContext } from '../../format/formatContext';

/** `core.v3.HeaderValueOption.HeaderAppendAction` by number. */
export const APPEND_ACTIONS = ['APPEND_IF_EXISTS_OR_ADD', 'ADD_IF_ABSENT', 'OVERWRITE_IF_EXISTS_OR_ADD', 'OVERWRITE_IF_EXISTS'] as const;

export type AppendAction = (typeof APPEND_ACTIONS)[number];

export interface HeaderOption {
  readonly name: string;
  readonly value: string;
  readonly action: AppendAction;
  /** A part of the value is decided at run time; `value` is the format itself. */
  readonly isUnknown: boolean;
  /** What is missing then. */
  readonly missing?: Sentence;
  /** Then nobody knows either whether it is written: its value may be empty. */
  readonly mayBeAbsent?: boolean;
}

/** Fills in the values; headers whose value is empty are left out unless keep_empty_value. */
export function readHeaderOptions(options: readonly ConfigNode[], context: FormatContext): HeaderOption[] {
  return options.flatMap((option) => {
    const header = option.get('header');
    const name = (header?.string('key') ?? '').toLowerCase();
    if (!header || name === '' || name === KEPT_BACK || name.startsWith(':') || name === 'host') return [];
    // `raw_value` is for answers of external services: of the configuration's own headers Envoy reads `value` alone.
    const text = header.string('value');
    const made = formatString(text, { ...context, absentAs: '' });
    const value = made.kind === 'text' ? made.value : text;
    if (value === '' && option.bool('keep_empty_value') !== true) return [];
    const missing = made.kind === 'unknown' ? made.missing : lostAction(option, name);
    const mayBeAbsent = made.kind === 'text' || (option.bool('keep_empty_value') !== true && mayBeEmpty(text));
    return [{ name, value, action: appendActionOf(option), isUnknown: missing !== undefined, ...(missing && { missing, mayBeAbsent }) }];
  });
}

/** A format of operators alone, none of which may give anything. */
function mayBeEmpty(format: string): boolean {
  return partsOf(format).every((part) => part.kind === 'operator' && !ALWAYS_GIVEN.has(part.name));
}

const ALWAYS_GIVEN: ReadonlySet<string> = new Set(['START_TIME', 'START_TIME_LOCAL', 'CONNECTION_ID', 'UNIQUE_ID', 'HOSTNAME']);

/** Of a route, a virtual host and the like: most change none. */
export const changesHeaders: (holder: ConfigNode) => boolean = memoizeByNode(
  (holder) => holder.isIncomplete || HEADER_LISTS.some((field) => holder.has(field)),
);

const HEADER_LISTS = ['request_headers_to_add', 'request_headers_to_remove', 'response_headers_to_add', 'response_headers_to_remove'];

/** What is missing where the file has lost which headers the lists add or remove. */
export function lostHeaders(holder: ConfigNode, fields: readonly string[]): Sentence | undefined {
  const lost = fields.find((field) => mayLackEntries(holder, field) || holder.list(field).some(hidesItsName));
  return lost === undefined ? undefined : say`which headers are changed: the file leaves out a part of ${lost}`;
}

/** An entry of a list of names, of `HeaderValueOption`s, or of `HeaderMutation`s. */
export function hidesItsName(entry: ConfigNode): boolean {
  if (!entry.isObject) return entry.asString() === KEPT_BACK;
  const header = entry.get('header');
  const inner = entry.get('append');
  return (
    entry.isIncomplete ||
    header?.isIncomplete === true ||
    header?.string('key') === KEPT_BACK ||
    entry.string('remove') === KEPT_BACK ||
    (inner !== undefined && hidesItsName(inner))
  );
}

/** `append` is the older spelling; the default appends. */
export function appendActionOf(option: ConfigNode): AppendAction {
  const append = option.bool('append');
  if (append !== undefined) return append ? 'APPEND_IF_EXISTS_OR_ADD' : 'OVERWRITE_IF_EXISTS_OR_ADD';
  return option.enumValue('append_action', APPEND_ACTIONS) ?? 'APPEND_IF_EXISTS_OR_ADD';
}

/** Whether it replaces the header, or is there at all, then nobody knows. */
function lostAction(option: ConfigNode, name: string): Sentence | undefined {
  return option.string('append_action') === KEPT_BACK ? say`the append_action of header ${name}, which the file keeps back` : undefined;
}

export type HeaderList = [name: string, value: string][];

/** Applies options to a request, and marks the values that are not known. */
export function changeRequestHeaders(request: HttpRequest, options: readonly HeaderOption[]): void {
  if (options.length === 0) return;
  const before = new Map(options.map(({ name }) => [name, hasHeader(request, name)]));
  const wanted = options.filter((option) => isMade(option, before.get(option.name) === true));
  const made = wanted.filter((option) => !isOpen(option, before));
  for (const { name, action } of made) if (isOverwrite(action)) forgetUnknownHeader(request, name);
  request.headers = joinHeaderLines(writeHeaders(request.headers, made));
  for (const { name, missing, mayBeAbsent } of made) {
    if (!missing) continue;
    if (mayBeAbsent === true && before.get(name) !== true) markDoubtfulHeader(request, name, missing);
    else markUnknownHeader(request, name, missing);
  }
}

/** Applies options to a list of headers: removal first, then what overwrites, then what is added. Absence is judged before all of it. */
export function applyHeaderOptions(headers: HeaderList, options: readonly HeaderOption[]): HeaderList {
  const wanted = options.filter((option) =>
    isMade(
      option,
      headers.some(([name]) => name === option.name),
    ),
  );
  return writeHeaders(headers, wanted);
}

function writeHeaders(headers: HeaderList, options: readonly HeaderOption[]): HeaderList {
  let changed = headers;
  for (const { name, value, action } of options) if (isOverwrite(action)) changed = overwrite(changed, name, value);
  return [...changed, ...options.filter(({ action }) => !isOverwrite(action)).map(({ name, value }): [string, string] => [name, value])];
}

function isMade({ action }: HeaderOption, isThere: boolean): boolean {
  return action === 'ADD_IF_ABSENT' ? !isThere : action === 'OVERWRITE_IF_EXISTS' ? isThere : true;
}

/** Such a header stays one of which nobody knows. */
function isOpen({ action, name }: HeaderOption, before: ReadonlyMap<string, boolean | NotKnown>): boolean {
  return action === 'ADD_IF_ABSENT' && before.get(name) instanceof NotKnown;
}

function isOverwrite(action: AppendAction): boolean {
  return action === 'OVERWRITE_IF_EXISTS' || action === 'OVERWRITE_IF_EXISTS_OR_ADD';
}

function overwrite(headers: HeaderList, name: string, value: string): HeaderList {
  const first = headers.findIndex(([key]) => key === name);
  const others = headers.filter(([key]) => key !== name);
  if (first < 0) return [...others, [name, value]];
  const before = headers.slice(0, first).length;
  return [...others.slice(0, before), [name, value], ...others.slice(before)];
}

/** Who may change headers, in the order in which they do: the last one wins. */
export function headerHolders({
  routeConfiguration,
  virtualHost,
  route,
  clusterWeight,
}: {
  readonly routeConfiguration?: ConfigNode;
  readonly virtualHost?: ConfigNode;
  readonly route?: ConfigNode;
  readonly clusterWeight?: ConfigNode;
}): ConfigNode[] {
  const ascending = [routeConfiguration, virtualHost, route];
  const wins = routeConfiguration?.bool('most_specific_header_mutations_wins') === true;
  const ordered = wins ? ascending : ascending.reverse();
  return [clusterWeight, ...ordered].filter((node) => node !== undefined);
}

/** Names of a list such as `request_headers_to_remove`, in lower case. */
export function removedHeaders(holder: ConfigNode, field: string): string[] {
  return holder
    .list(field)
    .map((name) => (name.asString() ?? '').toLowerCase())
    .filter((name) => name !== '' && name !== KEPT_BACK && !name.startsWith(':') && name !== 'host');
}
